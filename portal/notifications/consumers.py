"""The member's socket at `/ws/`. It only says that something is new; pages fetch it by number."""

import asyncio
import contextlib
import json
import time

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer

from portal.notifications.models import NoticeStream
from portal.notifications.sessions import Seat, watch
from portal.notifications.wake import ensure_subscribed, hub

SIGNED_OUT = 4401
TOO_MANY = 4429
TOO_BIG = 1009

MAX_FRAME = 16 * 1024
MAX_FRAMES_A_SECOND = 10
MAX_SOCKETS = 20


class NoticesConsumer(AsyncWebsocketConsumer):
    """Wakes one open page of a member who is logged in.

    What it hears from the page is bounded and ignored. Several wake-ups that arrive while one is
    being sent become one.
    """

    # Wake-ups come through the hub, so no channel is opened for each socket.
    channel_layer_alias = "none"
    listener = None
    seat: Seat | None = None
    watching = None
    # What the page was told last; it believes that it hears everything until told otherwise.
    is_paused = False

    async def connect(self):
        member = self.scope["user"]
        if not member.is_authenticated:
            await self.close(code=SIGNED_OUT)
            return
        if hub.count(member.pk) >= MAX_SOCKETS:
            await self.close(code=TOO_MANY)
            return
        self.member_id = member.pk
        self.has_ended = False
        self.news = asyncio.Event()
        self.frames: tuple[int, int] = (0, 0)
        self.waiting: int | None = None
        self.listener = hub.add(self.member_id, self._hear)
        ensure_subscribed()
        self.seat = Seat(self.member_id, self.scope["session"].session_key, self._end)
        watch().add(self.seat)
        await self.accept()
        self.waiting = await last_sequence(self.member_id)
        self.news.set()
        self.watching = asyncio.get_running_loop().create_task(self._watch())

    async def disconnect(self, code):
        if self.listener is not None:
            hub.remove(self.member_id, self.listener)
        if self.seat is not None:
            watch().remove(self.seat)
        if self.watching is not None:
            self.watching.cancel()
            # The page may have gone while it was being told something.
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await self.watching

    async def receive(self, text_data=None, bytes_data=None):
        if len(text_data or "") > MAX_FRAME or len(bytes_data or b"") > MAX_FRAME:
            await self.close(code=TOO_BIG)
            return
        second, count = int(time.monotonic()), self.frames[1] + 1
        self.frames = (second, count if second == self.frames[0] else 1)
        if self.frames[1] > MAX_FRAMES_A_SECOND:
            await self.close(code=TOO_MANY)

    def _hear(self, sequence: int | None) -> None:
        self.waiting = sequence
        self.news.set()

    def _end(self) -> None:
        self.has_ended = True
        self.news.set()

    async def _watch(self) -> None:
        """Pass wake-ups on for as long as the session holds, then say that it has ended."""
        while True:
            await self.news.wait()
            self.news.clear()
            if self.has_ended or not (self.seat and await watch().holds(self.seat)):
                break
            await self._tell()
        await self.close(code=SIGNED_OUT)

    async def _tell(self) -> None:
        """Say that something is new; and, when that changes, whether this socket hears of it."""
        if self.is_paused != hub.is_paused:
            self.is_paused = hub.is_paused
            await self.send(json.dumps({"type": "paused" if self.is_paused else "live"}))
        if not self.is_paused:
            await self.send(json.dumps(self._message()))

    def _message(self) -> dict:
        return {"type": "notices"} | ({} if self.waiting is None else {"seq": self.waiting})


class NowhereConsumer(AsyncWebsocketConsumer):
    """Refuses sockets at any other address."""

    channel_layer_alias = "none"

    async def connect(self):
        await self.close()


@database_sync_to_async
def last_sequence(member_id: int) -> int:
    return NoticeStream.objects.last_sequence_of(member_id)
