"""What each part that this process stands on says of itself, for whoever watches over it."""

import os
import time
import uuid
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor

from portal.resilience import kept

OK, DOWN, NOT_MIGRATED, CANNOT_WRITE = "ok", "down", "not migrated", "cannot write"
# Bytes that must be free beside the database's file, as small writes find room for longer.
LEAST_FREE = 1024 * 1024
# Seconds for which what a try to write said holds: anybody may ask.
HOLDS_FOR = 1.0
_tried: dict[str, tuple[float, str]] = {}


def states() -> dict[str, str]:
    """The state in words of `database`, `cache` and `files`, and in `status` what it comes to.

    `ok`: all well. `degraded`: everything works, but slower. `failing`: something does not work.
    """
    parts = {"database": _database(), "cache": _cache(), "files": _tried_to("files", _files)}
    failing = {parts["database"], parts["files"]} != {OK}
    degraded = parts["cache"] != OK
    status = "failing" if failing else "degraded" if degraded else OK
    return {"status": status, **parts}


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return NOT_MIGRATED
    except Error:
        return DOWN
    return _tried_to("database", _writing)


def _writing() -> str:
    try:
        with transaction.atomic():
            kept.set("readyz", 1, 60)
    except Error:
        return CANNOT_WRITE
    name = str(connection.settings_dict["NAME"])
    is_file = connection.vendor == "sqlite" and Path(name).is_file()
    return CANNOT_WRITE if is_file and _is_full(Path(name).parent) else OK


def _files() -> str:
    """Where files are kept elsewhere, that is not this machine's to say."""
    if not isinstance(default_storage, FileSystemStorage):
        return OK
    folder = Path(settings.MEDIA_ROOT)
    probe = folder / f".readyz-{uuid.uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError:
        return CANNOT_WRITE
    return CANNOT_WRITE if _is_full(folder) else OK


def _cache() -> str:
    try:
        cache.set("readyz", 1, 10)
        return OK if cache.get("readyz") else DOWN
    except Exception:
        return DOWN


def _is_full(folder: Path) -> bool:
    room = os.statvfs(folder)
    return room.f_bavail * room.f_frsize < LEAST_FREE


def _tried_to(what: str, ask: Callable[[], str]) -> str:
    at, said = _tried.get(what, (0.0, ""))
    if time.monotonic() - at > HOLDS_FOR or not said:
        said = ask()
        _tried[what] = (time.monotonic(), said)
    return said
