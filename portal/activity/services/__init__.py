"""The activity log's only doors: record a fact, undo it, send it on."""

from portal.activity.services.batches import Draft, Recorded, record_batch
from portal.activity.services.checking import Fault, faults_of
from portal.activity.services.dispatching import (
    dispatch,
    dispatch_pending,
    dispatching_put_off,
)
from portal.activity.services.recording import (
    CHANGES_A_DAY,
    ActivityConflictError,
    default_key,
    find,
    record,
    record_again,
    redo,
    restore,
    reverse,
    too_often_text,
    undo,
)

__all__ = [
    "CHANGES_A_DAY",
    "ActivityConflictError",
    "Draft",
    "Fault",
    "Recorded",
    "default_key",
    "dispatch",
    "dispatch_pending",
    "dispatching_put_off",
    "faults_of",
    "find",
    "record",
    "record_again",
    "record_batch",
    "redo",
    "restore",
    "reverse",
    "too_often_text",
    "undo",
]
