"""What a request may send, and how long it may take over it: a guard before Django under ASGI.

Django reads a body as a whole before it asks who sends it. So here it is bounded by where it goes
and of what kind it is, has to keep coming, and gives way when too many are on their way. Behind a
reverse proxy that does the same (`deploy/nginx`) nothing of this is ever felt.
"""

import asyncio
import functools
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.ui.proxies import client_of

MEGABYTE = 1024 * 1024
# A form's pictures: the largest of one entry, and what else it says.
FORM_LIMIT = 12 * MEGABYTE

# A body has this many seconds to begin with, and one more for each so many bytes that came.
GRACE = 10.0
LEAST_RATE = 8 * 1024
LONGEST = 3600.0
# How many that take longer than a blink may be on their way, and how many bytes of all together.
BLINK = 1.0
SLOW_OF_ONE, SLOW_OF_ALL = 64, 256
BYTES_OF_ALL = 1024 * MEGABYTE
# Somebody who is still sending hears the answer only if somebody goes on listening for a while.
# So long, in small sips, and to so many at once; others are only given time to read.
LINGER, SIP = 10.0, 0.05
LISTENED_TO, BRIEFLY = 8, 0.5

Message = dict[str, Any]


def limit_of(scope: dict[str, Any]) -> int:
    """Return how many bytes a request may send: by its address and the kind of its body."""
    has_files = _header(scope, b"content-type").lower().startswith(b"multipart/form-data")
    if scope["path"].startswith("/api/") or not has_files:
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return settings.CMS_UPLOAD_LIMIT if scope["path"].startswith("/cms/") else FORM_LIMIT


class BodyGuard:
    """Wraps the HTTP application."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app
        self.bodies: set[Body] = set()
        self.lingering = 0

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        length = _header(scope, b"content-length")
        if not length and not _header(scope, b"transfer-encoding"):
            await self.app(scope, receive, send)
            return
        body = Body(self, scope, receive, send)
        if length.isdigit() and int(length[:20]) > body.limit:
            await body.refuse(413)
            return
        self.bodies.add(body)
        try:
            await self.app(scope, body.receive, body.send)
        finally:
            self.bodies.discard(body)

    def make_room(self) -> None:
        """Cut off the oldest of whoever has too many under way, and the largest of too much."""
        now = asyncio.get_running_loop().time()
        slow = sorted(
            (one for one in self.bodies if not one.is_whole and now - one.began > BLINK),
            key=lambda one: one.began,
        )
        crowded = {
            client for client, n in Counter(one.client for one in slow).items() if n > SLOW_OF_ONE
        }
        oldest = next((one for one in slow if one.client in crowded), None)
        if oldest is None and len(slow) > SLOW_OF_ALL:
            oldest = slow[0]
        if oldest is not None:
            oldest.cut(408)
        coming = [one for one in self.bodies if not one.is_whole]
        if sum(one.received for one in coming) > BYTES_OF_ALL:
            max(coming, key=lambda one: one.received).cut(413)


class Body:
    """One body on its way."""

    def __init__(self, guard: BodyGuard, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self.guard, self.scope = guard, scope
        self.limit = limit_of(scope)
        chain = _header(scope, b"x-forwarded-for").decode("latin-1")
        self.client = client_of((scope.get("client") or ("", 0))[0], chain)
        self.began = asyncio.get_running_loop().time()
        self.received = 0
        self.is_whole = self.is_refused = self.has_answer = False
        self._receive, self._send = receive, send
        self._clock: asyncio.Timeout | None = None
        self._status = 408

    async def receive(self) -> Message:
        """The next part of the body; once it is refused, that nobody is there any more."""
        if self.is_whole and not self.is_refused:
            return await self._receive()
        if self.is_refused:
            return {"type": "http.disconnect"}
        self.guard.make_room()
        try:
            async with asyncio.timeout_at(self._due()) as self._clock:
                message = await self._receive()
        except TimeoutError:
            await self.refuse(self._status)
            return {"type": "http.disconnect"}
        finally:
            self._clock = None
        self.received += len(message.get("body", b""))
        self.is_whole = not message.get("more_body", False)
        if self.received > self.limit:
            await self.refuse(413)
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """Pass the answer on, unless the guard has given one."""
        if not self.is_refused:
            self.has_answer = True
            await self._send(message)

    def cut(self, status: int) -> None:
        """End the wait for the next part."""
        self._status = status
        if self._clock is not None and not self._clock.expired():
            self._clock.reschedule(asyncio.get_running_loop().time())

    async def refuse(self, status: int) -> None:
        """Answer in words and go on listening for a moment, so that they are heard."""
        self.is_refused = True
        if self.has_answer:
            return
        kind, words = refusal(status, *_reader(self.scope), self.limit)
        headers = [
            (b"content-type", kind),
            (b"content-length", str(len(words)).encode()),
            (b"cache-control", b"no-store"),
            (b"connection", b"close"),
        ]
        await self._send({"type": "http.response.start", "status": status, "headers": headers})
        await self._send({"type": "http.response.body", "body": words, "more_body": True})
        await self._linger()
        await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _linger(self) -> None:
        if self.guard.lingering >= LISTENED_TO:
            await asyncio.sleep(BRIEFLY)
            return
        self.guard.lingering += 1
        try:
            async with asyncio.timeout(LINGER):
                while not self.is_whole:
                    message = await self._receive()
                    self.is_whole = not message.get("more_body", False)
                    await asyncio.sleep(SIP)
        except TimeoutError:
            pass
        finally:
            self.guard.lingering -= 1

    def _due(self) -> float:
        return self.began + min(LONGEST, GRACE + self.received / LEAST_RATE)


@functools.cache
def refusal(status: int, language: str, is_program: bool, limit: int) -> tuple[bytes, bytes]:
    """Return the content type and the words of an answer, made once."""
    with translation.override(language):
        is_large = status == 413
        if is_program:
            title = _("The body is too large") if is_large else _("The body came too slowly")
            detail = (
                _("A body has at most %(limit)s bytes.") % {"limit": limit}
                if is_large
                else _("Nothing of it was kept. Send it again.")
            )
            problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
            return b"application/problem+json", json.dumps(problem).encode()
        title = _("That is too large") if is_large else _("That took too long")
        context = {"title": title, "is_large": is_large, "megabytes": limit // MEGABYTE}
        return b"text/html; charset=utf-8", render_to_string("refused.html", context).encode()


def _reader(scope: dict[str, Any]) -> tuple[str, bool]:
    """The language of whoever asks, and whether that is a program."""
    path = scope["path"]
    if not path.startswith("/api/"):
        return translation.get_language_from_path(path) or settings.LANGUAGE_CODE, False
    wanted = _header(scope, b"accept-language").decode("latin-1")
    known = dict(settings.LANGUAGES)
    asked = (code for code, _weight in parse_accept_lang_header(wanted))
    return next((code[:2] for code in asked if code[:2] in known), settings.LANGUAGE_CODE), True


def _header(scope: dict[str, Any], name: bytes) -> bytes:
    return next((value for key, value in scope.get("headers", ()) if key == name), b"")
