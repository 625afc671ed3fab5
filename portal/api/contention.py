"""Transactions that the database ended to let others go on, tried again a few times."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

import structlog
from django.db import OperationalError

Result = TypeVar("Result")
logger = structlog.get_logger(__name__)
TRIES = 4
# Seconds before the second try, at most; each further one may wait twice as long.
PAUSE = 0.05
# https://www.postgresql.org/docs/current/errcodes-appendix.html: serialization_failure and
# deadlock_detected. Both say that nothing was kept and that the same may be tried again.
AGAIN = {"40001", "40P01"}


class ContentionError(RuntimeError):
    """The database ended every try; nothing was kept. `retry_after` is in seconds."""

    retry_after = 2


def tried_again(work: Callable[[], Result]) -> Result:
    """Run `work`, a transaction of its own, again where the database ended it for another's sake.

    Raises ContentionError when that happens every time. Must not run inside a transaction.
    """
    for attempt in range(TRIES):
        try:
            return work()
        except OperationalError as error:
            if not is_contention(error):
                raise
            logger.warning("call_ended_by_database", attempt=attempt + 1, error=str(error))
        if attempt + 1 < TRIES:
            time.sleep(random.uniform(0, PAUSE * 2**attempt))
    raise ContentionError


def is_contention(error: OperationalError) -> bool:
    """Whether a deadlock or a failed serialization is behind an error (PostgreSQL)."""
    return getattr(error.__cause__, "sqlstate", None) in AGAIN
