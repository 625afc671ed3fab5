"""Cache entries that may not be forgotten, in the database while Redis is away.

Each call is one statement, so that a limit holds however many count at once. Without a database it
raises, and who asked says no.
"""

import hashlib
import json
import time
from typing import Any

from django.db import connection

# Ours, and allauth's: counts of log-ins, locks around them, one-time codes that were used.
PREFIXES = ("limit:", "allauth")
# Seconds for what has no end in a cache.
LONGEST = 86_400

ADD = """
    INSERT INTO resilience_kept (key, number, text, ends_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO UPDATE
    SET number = excluded.number, text = excluded.text, ends_at = excluded.ends_at
    WHERE resilience_kept.ends_at <= %s RETURNING key
"""
SET = """
    INSERT INTO resilience_kept (key, number, text, ends_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (key) DO UPDATE
    SET number = excluded.number, text = excluded.text, ends_at = excluded.ends_at
    RETURNING key
"""
GET = "SELECT number, text FROM resilience_kept WHERE key = %s AND ends_at > %s"
INCR = """
    UPDATE resilience_kept SET number = number + %s
    WHERE key = %s AND ends_at > %s AND number IS NOT NULL RETURNING number
"""
TOUCH = "UPDATE resilience_kept SET ends_at = %s WHERE key = %s AND ends_at > %s RETURNING key"
DELETE = "DELETE FROM resilience_kept WHERE key = %s RETURNING key"
PRUNE = "DELETE FROM resilience_kept WHERE ends_at <= %s"


def holds(key: object) -> bool:
    """Whether a key, as the cache made it (`:1:limit:…`), is one of those that must last."""
    return isinstance(key, str) and key.split(":", 2)[-1].startswith(PREFIXES)


def add(key: str, value: Any, timeout: float | None) -> bool:
    """Keep `value` for `timeout` seconds where nothing is kept yet; whether it was."""
    now = time.time()
    return _one(ADD, [_digest(key), *_stored(value), _end(timeout, now), now]) is not None


def set(key: str, value: Any, timeout: float | None) -> None:
    _one(SET, [_digest(key), *_stored(value), _end(timeout, time.time())])


def get(key: str, default: Any) -> Any:
    row = _one(GET, [_digest(key), time.time()])
    if row is None:
        return default
    number, text = row
    return json.loads(text) if text else number


def has_key(key: str) -> bool:
    return _one(GET, [_digest(key), time.time()]) is not None


def incr(key: str, delta: int) -> int | None:
    """Add to a number that is kept and return the sum; None where none is kept."""
    row = _one(INCR, [delta, _digest(key), time.time()])
    return row[0] if row else None


def touch(key: str, timeout: float | None) -> bool:
    now = time.time()
    return _one(TOUCH, [_end(timeout, now), _digest(key), now]) is not None


def delete(key: str) -> bool:
    return _one(DELETE, [_digest(key)]) is not None


def prune() -> None:
    """Forget what has ended."""
    with connection.cursor() as cursor:
        cursor.execute(PRUNE, [time.time()])


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _stored(value: Any) -> tuple[int | None, str]:
    return (value, "") if type(value) is int else (None, json.dumps(value))


def _end(timeout: float | None, now: float) -> float:
    return now + (LONGEST if timeout is None else timeout)


def _one(sql: str, values: list[Any]) -> tuple | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()
