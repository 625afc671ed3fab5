from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import OperationalError, connection

from portal.activity.triggers import missing_triggers


@register(Tags.database)
def ledgers_are_guarded(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """A table that must be append-only has its triggers, or the portal does not start.

    Tables that are still to be migrated are left out, so that a migration may begin.
    """
    if not databases:
        return []
    try:
        tables = set(connection.introspection.table_names())
        missing = [name for name in missing_triggers() if name.partition("_no_")[0] in tables]
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
