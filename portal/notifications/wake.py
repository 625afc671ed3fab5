"""Waking open pages. A wake-up carries no facts: a page that missed one asks for what follows.

Within one process the hub hands a wake-up to the event loops of its sockets. With Redis a plain
publish reaches the hub of every process, through one subscriber for each.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings

logger = structlog.get_logger(__name__)

PAUSE_AFTER_ERROR = 2.0


@dataclass(frozen=True, eq=False)
class Listener:
    """One open socket: `callback(sequence)` runs in `loop`; None says "ask anyway"."""

    loop: asyncio.AbstractEventLoop
    callback: Callable[[int | None], None]

    def tell(self, sequence: int | None) -> None:
        # A loop that has just closed has no sockets left to wake.
        with contextlib.suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.callback, sequence)


class Hub:
    """Who listens in this process. Safe to publish to from any thread."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[Listener]] = {}
        self._lock = threading.Lock()

    def add(self, member_id: int, callback: Callable[[int | None], None]) -> Listener:
        """Let the running loop hear of a member's notices until `remove`."""
        listener = Listener(asyncio.get_running_loop(), callback)
        with self._lock:
            self._listeners.setdefault(member_id, set()).add(listener)
        return listener

    def remove(self, member_id: int, listener: Listener) -> None:
        with self._lock:
            listeners = self._listeners.get(member_id, set())
            listeners.discard(listener)
            if not listeners:
                self._listeners.pop(member_id, None)

    def count(self, member_id: int) -> int:
        with self._lock:
            return len(self._listeners.get(member_id, ()))

    def publish(self, member_id: int, sequence: int | None) -> None:
        with self._lock:
            listeners = tuple(self._listeners.get(member_id, ()))
        for listener in listeners:
            listener.tell(sequence)

    def publish_to_all(self) -> None:
        """After a gap in hearing nobody knows what was missed, so everybody asks."""
        with self._lock:
            listeners = [one for group in self._listeners.values() for one in group]
        for listener in listeners:
            listener.tell(None)


hub = Hub()
_subscribers: dict[asyncio.AbstractEventLoop, asyncio.Task] = {}


def wake(sequences: Mapping[int, int]) -> None:
    """Tell members' open sockets up to which number notices wait for them, by member."""
    if not settings.REDIS_URL:
        for member_id, sequence in sequences.items():
            hub.publish(member_id, sequence)
        return
    try:
        with _redis().pipeline(transaction=False) as pipeline:
            channel = _channel(pipeline)
            for member_id, sequence in sequences.items():
                pipeline.publish(channel, f"{member_id}:{sequence}")
            pipeline.execute()
    except Exception:
        # Nothing is lost: the next page and the next connection ask by number.
        logger.warning("notices_wake_failed", members=len(sequences), exc_info=True)


def ensure_subscribed() -> None:
    """Run this process's one subscriber in the running loop; nothing to do without Redis."""
    if not settings.REDIS_URL:
        return
    loop = asyncio.get_running_loop()
    for old in [one for one in _subscribers if one.is_closed()]:
        del _subscribers[old]
    task = _subscribers.get(loop)
    if task is None or task.done():
        _subscribers[loop] = loop.create_task(_subscribe(), name="notices-subscriber")


_client = None


def _redis():
    """The process's pool for publishing, with short timeouts: pages never wait for it."""
    global _client
    if _client is None:
        import redis

        _client = redis.Redis.from_url(
            settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5
        )
    return _client


def _channel(client: Any) -> str:
    """Redis tells a channel in all of its databases, in which other portals may live."""
    database = client.connection_pool.connection_kwargs.get("db", 0)
    return f"portal:{database}:notices"


async def _subscribe() -> None:
    while True:
        try:
            await _listen()
        except Exception:
            logger.warning("notices_subscriber_failed", exc_info=True)
        await asyncio.sleep(PAUSE_AFTER_ERROR)


async def _listen() -> None:
    from redis import asyncio as aioredis

    client = aioredis.Redis.from_url(settings.REDIS_URL, health_check_interval=15)
    async with client, client.pubsub() as pubsub:
        await pubsub.subscribe(_channel(client))
        hub.publish_to_all()
        async for message in pubsub.listen():
            if message["type"] == "message":
                _hand_on(message["data"])


def _hand_on(data: bytes) -> None:
    member_id, _, sequence = data.decode().partition(":")
    if member_id.isdigit() and sequence.isdigit():
        hub.publish(int(member_id), int(sequence))
