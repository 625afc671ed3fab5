"""The search backend that the settings name: Wagtail's own, with words analysed first."""

from typing import Any

from django.db import connection
from modelsearch.backends.base import BaseSearchBackend


def SearchBackend(params: dict[str, Any]) -> BaseSearchBackend:  # noqa: N802
    """Return the backend for the database in use; both find the same objects."""
    if connection.vendor == "postgresql":
        from portal.search.postgres import PostgresBackend

        return PostgresBackend({**params, "SEARCH_CONFIG": "simple"})
    from portal.search.sqlite import SqliteBackend

    return SqliteBackend(params)
