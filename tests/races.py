"""Real threads on a real database: everybody starts at once, each on a connection of their own."""

import fcntl
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql",
    reason="SQLite lets one write at a time, so nothing can race there",
)


def race(runs: Iterable[Callable[[], object]]) -> list[BaseException]:
    """Run all at once and return what went wrong."""
    runs = list(runs)
    start, faults = threading.Barrier(len(runs)), []

    def run(one: Callable[[], object]) -> None:
        try:
            start.wait(timeout=60)
            one()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[one]) for one in runs]
    with alone():
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=120)
    return faults


@contextmanager
def alone() -> Iterator[None]:
    """Let one process race at a time: two of them would want more connections than there are."""
    with (Path(tempfile.gettempdir()) / "meydan-races.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def without_constraint(model, name: str):
    """Take a constraint down; afterwards the database is emptied and the constraint is back."""
    constraint = next(one for one in model._meta.constraints if one.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(model, constraint)
    try:
        yield
    finally:
        call_command("flush", interactive=False, verbosity=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(model, constraint)
