"""Redis, which may be away: one part for each address, and clients that do not wait for it."""

import functools
from typing import Any

from redis import Redis, exceptions
from redis.backoff import NoBackoff
from redis.retry import Retry

from portal.resilience.parts import Part

# Seconds. A Redis that needs longer costs more than it saves.
PATIENCE = 0.25
# What says that Redis, and not the caller, is at fault.
OUTAGES = (
    exceptions.ConnectionError,
    exceptions.TimeoutError,
    exceptions.ReadOnlyError,
    exceptions.OutOfMemoryError,
    exceptions.ClusterDownError,
    OSError,
)
# Redis cannot write its own disk, or has lost its replicas.
REFUSES = ("MISCONF", "NOREPLICAS", "LOADING", "MASTERDOWN")


def options() -> dict[str, Any]:
    """How every client is made: short waits, and one more try where a kept connection has ended."""
    again = Retry(NoBackoff(), 1, supported_errors=(exceptions.ConnectionError,))
    return {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE, "retry": again}


@functools.cache
def redis_part(url: str) -> Part:
    """The one part of this process for a Redis. To be there means to take what is written."""
    client = Redis.from_url(url, **options())
    return Part("redis", lambda: client.set("portal:ping", 1, ex=10))


@functools.cache
def redis_client(url: str) -> Redis:
    """The process's pool for what is not cached."""
    return Redis.from_url(url, **options())


def is_outage(error: BaseException) -> bool:
    """Whether it is Redis that failed, and not what it was asked."""
    return isinstance(error, OUTAGES) or (
        isinstance(error, exceptions.ResponseError) and str(error).startswith(REFUSES)
    )
