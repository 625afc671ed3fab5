from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from portal.activity.triggers import missing_triggers


@register(Tags.database)
def ledgers_are_guarded(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A table that must be append-only has its triggers, or the portal does not start."""
    if not databases:
        return []
    try:
        if "activity_activity" not in connection.introspection.table_names():
            return []
        missing = missing_triggers()
    except OperationalError:
        return []
    return [
        Error(
            f"The trigger {name} is missing, so history could be changed.",
            hint="Run `manage.py setup`, which puts it up again.",
            id="activity.E001",
        )
        for name in missing
    ]
