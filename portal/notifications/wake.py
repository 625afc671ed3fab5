"""Waking open pages. A wake-up carries no facts: a page that missed one asks for what follows.

Within one process the hub hands a wake-up to the event loops of its sockets. With Redis a plain
publish reaches the hub of every process, through one subscriber for each. While that hears nothing
of Redis the hub is paused: sockets say so, and their pages ask by number every so often.
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
# A Redis that is there answers at once; one that has not for so many seconds is gone.
ASK_EVERY = 2.0
GONE_AFTER = 5.0


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
        self.is_paused = False

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

    def pause(self) -> None:
        """Nothing is heard any more; whoever listens is told, once."""
        if not self.is_paused:
            self.is_paused = True
            self.publish_to_all()

    def resume(self) -> None:
        """Everything is heard again from now on."""
        self.is_paused = False
        self.publish_to_all()

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
    from portal.resilience.redis import redis_client, redis_part

    part, client = redis_part(settings.REDIS_URL), redis_client(settings.REDIS_URL)
    if part.is_away:
        return
    try:
        with client.pipeline(transaction=False) as pipeline:
            channel = _channel(pipeline)
            for member_id, sequence in sequences.items():
                pipeline.publish(channel, f"{member_id}:{sequence}")
            pipeline.execute()
    except Exception as error:
        # Nothing is lost: the next page and the next connection ask by number.
        part.failed(error)


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


def _channel(client: Any) -> str:
    """Redis tells a channel in all of its databases, in which other portals may live."""
    database = client.connection_pool.connection_kwargs.get("db", 0)
    return f"portal:{database}:notices"


async def _subscribe() -> None:
    while True:
        try:
            await _listen()
        except Exception as error:
            if not hub.is_paused:
                logger.warning("notices_paused", error=f"{type(error).__name__}: {error}")
            hub.pause()
        await asyncio.sleep(PAUSE_AFTER_ERROR)


async def _listen() -> None:
    from redis import asyncio as aioredis

    client = aioredis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, retry=None)
    async with client, client.pubsub() as pubsub:
        await asyncio.wait_for(pubsub.subscribe(_channel(client)), GONE_AFTER)
        loop = asyncio.get_running_loop()
        heard = loop.time()
        while loop.time() - heard < GONE_AFTER:
            message = await pubsub.get_message(timeout=ASK_EVERY)
            if message is None:
                await asyncio.wait_for(pubsub.ping(), GONE_AFTER)
                continue
            heard = loop.time()
            _heard(message)
    raise TimeoutError("Redis is silent.")


def _heard(message: dict) -> None:
    if message["type"] == "message":
        _hand_on(message["data"])
    elif message["type"] == "subscribe":
        hub.resume()


def _hand_on(data: bytes) -> None:
    member_id, _, sequence = data.decode().partition(":")
    if member_id.isdigit() and sequence.isdigit():
        hub.publish(int(member_id), int(sequence))
