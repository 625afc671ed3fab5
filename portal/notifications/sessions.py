"""Whether the sessions behind open sockets still hold, asked for all sockets of a process at once.

A session ends in many ways: somebody logs out here or elsewhere, a password changes, staff close
an account, a row expires. All of them show in two tables, so those are asked, three times a second
and before anything is told, and no way can be forgotten. Two statements serve five hundred sockets.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.module_loading import import_string

logger = structlog.get_logger(__name__)

EVERY = 0.3
TOGETHER = 500


@dataclass(eq=False)
class Seat:
    """The place of one open socket; `end()` is called once, when its session holds no longer."""

    member_id: int
    session_key: str
    end: Callable[[], None]
    # What the session and the member said when they were last found to agree.
    agreed: tuple[str, str] | None = None


class SessionWatch:
    """Looks after the seats of one event loop for as long as there are any."""

    def __init__(self) -> None:
        self._seats: set[Seat] = set()
        self._asked: list[tuple[Seat, asyncio.Future[bool]]] = []
        self._kick = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def add(self, seat: Seat) -> None:
        self._seats.add(seat)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="session-watch")

    def remove(self, seat: Seat) -> None:
        """Forget a seat; without any the watch ends."""
        self._seats.discard(seat)
        if not self._seats:
            self._kick.set()

    async def holds(self, seat: Seat) -> bool:
        """Return whether its session holds now. Who asks while others wait is asked with them."""
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._asked.append((seat, answer))
        self._kick.set()
        return await answer

    async def _run(self) -> None:
        due = time.monotonic()
        while self._seats:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._kick.wait(), max(0, due - time.monotonic()))
            self._kick.clear()
            is_due = time.monotonic() >= due
            await self._look(everywhere=is_due)
            due = time.monotonic() + EVERY if is_due else due
        for _seat, answer in self._asked:
            if not answer.done():
                answer.set_result(False)
        self._asked = []

    async def _look(self, *, everywhere: bool) -> None:
        asked, self._asked = self._asked, []
        seats = {seat for seat, _answer in asked} | (self._seats if everywhere else set())
        ended = await self._ended_among(seats)
        for seat in ended & self._seats:
            self._seats.discard(seat)
            seat.end()
        for seat, answer in asked:
            if not answer.done():
                answer.set_result(seat not in ended)

    async def _ended_among(self, seats: set[Seat]) -> set[Seat]:
        """Whose session has ended. While the database cannot say, nobody's: sockets tell numbers,
        and pages, which tell more, ask for themselves.
        """
        if not seats:
            return set()
        try:
            # On a thread of its own, so that it does not queue behind sockets that connect.
            find = database_sync_to_async(ended_among, thread_sensitive=False)
            return await find(list(seats))
        except Exception:
            logger.warning("socket_sessions_unknown", sockets=len(seats), exc_info=True)
            return set()


def ended_among(seats: list[Seat]) -> set[Seat]:
    """Return the seats whose session is gone, has expired or is not their member's any more."""
    return {
        seat
        for first in range(0, len(seats), TOGETHER)
        for seat in _ended_among_few(seats[first : first + TOGETHER])
    }


def _ended_among_few(seats: list[Seat]) -> list[Seat]:
    store = import_string(f"{settings.SESSION_ENGINE}.SessionStore")
    keys = [seat.session_key for seat in seats]
    rows = store.get_model_class().objects.filter(
        session_key__in=keys, expire_date__gt=timezone.now()
    )
    sessions = dict(rows.values_list("session_key", "session_data"))
    people = get_user_model().objects.filter(
        pk__in={seat.member_id for seat in seats}, is_active=True
    )
    members = people.only("password").in_bulk()
    return [
        seat
        for seat in seats
        if not _agree(seat, sessions.get(seat.session_key), members.get(seat.member_id), store)
    ]


def _agree(seat: Seat, data: str | None, member: Any, store: Any) -> bool:
    """The session is this member's, and as old as their password at most."""
    if data is None or member is None:
        return False
    if seat.agreed == (data, member.password):
        return True
    session = store().decode(data)
    proof = session.get(HASH_SESSION_KEY) or ""
    agrees = session.get(SESSION_KEY) == str(member.pk) and constant_time_compare(
        proof, member.get_session_auth_hash()
    )
    if agrees:
        seat.agreed = (data, member.password)
    return agrees


_watches: dict[asyncio.AbstractEventLoop, SessionWatch] = {}


def watch() -> SessionWatch:
    """The watch of the running loop."""
    for old in [one for one in _watches if one.is_closed()]:
        del _watches[old]
    return _watches.setdefault(asyncio.get_running_loop(), SessionWatch())
