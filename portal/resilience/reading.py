"""Writes that a page can do without: what was shown, visited or drawn on the way.

Whoever reads must not fail as nothing can be written. So such a write is wrapped in `best_effort`,
and what it would have remembered is then not remembered.
"""

import contextlib
import time
from collections.abc import Iterator

import structlog
from django.db import connection, transaction

from portal.resilience.outages import outage_in

logger = structlog.get_logger(__name__)

# Milliseconds that a reader waits for somebody else's write on SQLite.
SHORT_WAIT = 250
# Seconds between two lines of the log about the same.
SAID_EVERY = 60.0
_said: dict[str, float] = {}


@contextlib.contextmanager
def best_effort(what: str, *, as_one: bool = False) -> Iterator[None]:
    """Leave the block at the first write that is refused, keep nothing of it, and go on.

    With `as_one` the block is a transaction; without, it writes one row only. Faults that are no
    outage come through.
    """
    try:
        with _short_wait(), _transaction(as_one):
            yield
    except Exception as error:
        if outage_in(error) is None:
            raise
        _say(what, error)


def _transaction(is_wanted: bool) -> contextlib.AbstractContextManager:
    """Inside of another one a refused write must not spoil what else is in that."""
    if is_wanted or connection.in_atomic_block:
        return transaction.atomic()
    return contextlib.nullcontext()


@contextlib.contextmanager
def _short_wait() -> Iterator[None]:
    if connection.vendor != "sqlite" or connection.connection is None:
        yield
        return
    usual = int(connection.settings_dict["OPTIONS"].get("timeout", 5) * 1000)
    # Not a query of the page's, so past Django.
    driver = connection.connection
    driver.execute(f"PRAGMA busy_timeout={SHORT_WAIT}")
    try:
        yield
    finally:
        if connection.connection is driver:
            driver.execute(f"PRAGMA busy_timeout={usual}")


def _say(what: str, error: Exception) -> None:
    now = time.monotonic()
    if now - _said.get(what, -SAID_EVERY) >= SAID_EVERY:
        _said[what] = now
        logger.warning("not_remembered", what=what, error=f"{type(error).__name__}: {error}")
