"""SQLite, whose file may be missing: a server never begins a new one in its place.

An empty file would answer every page with nothing, and its write-ahead log could be taken for that
of the file which comes back.
"""

import sqlite3
from pathlib import Path
from typing import Any

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's own; a server names its file in `MUST_EXIST`."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        name = str(self.settings_dict["NAME"])
        if self.settings_dict.get("MUST_EXIST") == name and not Path(name).exists():
            raise sqlite3.OperationalError(f"unable to open database file: {name} is not there")
        return super().get_new_connection(conn_params)
