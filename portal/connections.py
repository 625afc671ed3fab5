"""Connections that the embedded server bears: bounded in number, in their heads and in patience.

uvicorn waits for ever for a head, lets it grow without end, and keeps what a client does not read.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.utils import get_remote_addr

# Seconds for the head of a request, and without progress of an answer.
HEAD_WITHIN = 10.0
READ_WITHIN = 30.0
# Bytes that a client has to have read in that time.
READ_AT_LEAST = 32 * 1024
HEAD_BYTES = 64 * 1024
HEAD_LINES = 128
LOOK_EVERY = 1.0
# How many may be open, and how many of them may wait to be asked something.
OPEN_OF_ALL = 2000
WAITING_OF_ALL, WAITING_OF_ONE = 512, 128
TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-type: text/plain; charset=utf-8\r\ncontent-length: 38\r\nconnection: close\r\n\r\n"
    b"The head of this request is too large."
)


class Doorkeeper:
    """Knows every connection of one event loop and ends those that only wait."""

    def __init__(self) -> None:
        # In the order in which they came: many may come in the same moment.
        self.open: dict[BoundedProtocol, None] = {}
        self._timer: asyncio.TimerHandle | None = None

    def let_in(self, one: "BoundedProtocol") -> bool:
        """Return whether there is room; whoever has waited longest makes it."""
        if len(self.open) >= OPEN_OF_ALL:
            return False
        if len(self.open) >= WAITING_OF_ONE:
            self._make_room(one.address)
        self.open[one] = None
        if self._timer is None:
            self._look_later()
        return True

    def _make_room(self, address: str) -> None:
        waiting = [other for other in self.open if other.is_waiting]
        of_one = [other for other in waiting if other.address == address]
        if len(of_one) >= WAITING_OF_ONE:
            self._end_oldest(of_one)
        elif len(waiting) >= WAITING_OF_ALL:
            self._end_oldest(waiting)

    def _end_oldest(self, waiting: "list[BoundedProtocol]") -> None:
        """End one and count it out at once: it closes later, and the next to come needs room."""
        oldest = min(waiting, key=lambda other: other.since)
        self.forget(oldest)
        oldest.end()

    def forget(self, one: "BoundedProtocol") -> None:
        self.open.pop(one, None)

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(LOOK_EVERY, self._look)

    def _look(self) -> None:
        self._timer = None
        now = asyncio.get_running_loop().time()
        for one in tuple(self.open):
            one.look(now)
        if self.open:
            self._look_later()


_doorkeepers: dict[asyncio.AbstractEventLoop, Doorkeeper] = {}


def doorkeeper() -> Doorkeeper:
    """That of the running loop."""
    for old in [loop for loop in _doorkeepers if loop.is_closed()]:
        del _doorkeepers[old]
    return _doorkeepers.setdefault(asyncio.get_running_loop(), Doorkeeper())


class BoundedProtocol(HttpToolsProtocol):
    """uvicorn's HTTP, for clients that may be slow on purpose."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        remote = get_remote_addr(transport)
        self.address = remote[0] if remote else ""
        self.is_waiting, self.since = True, self.loop.time()
        self.head_bytes, self.head_is_too_large = 0, False
        self.unread, self.unread_since = 0, self.since
        if not doorkeeper().let_in(self):
            self.end()

    def connection_lost(self, exc: Exception | None) -> None:
        doorkeeper().forget(self)
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        doorkeeper().forget(self)
        super().handle_websocket_upgrade()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._count(len(data) if self.is_waiting else 0)
        super().data_received(data)
        if self.is_waiting and self.head_is_too_large and not self.transport.is_closing():
            self.send_400_response("")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if not self.is_waiting:
            self.is_waiting, self.since = True, self.loop.time()
        self.head_lines = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        self.head_lines += 1
        if self.head_lines > HEAD_LINES:
            self.head_is_too_large = True
            raise ValueError("too many headers")
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if size > HEAD_BYTES:
            self.head_is_too_large = True
            raise ValueError("too large a head")
        self.is_waiting, self.head_bytes = False, 0
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        if not self.pipeline:
            self.is_waiting, self.since, self.head_bytes = True, self.loop.time(), 0
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        if not self.head_is_too_large:
            super().send_400_response(msg)
            return
        self.transport.write(TOO_LARGE)
        self.transport.close()

    def look(self, now: float) -> None:
        """End a connection that has been silent for too long, or does not read its answer."""
        if self.is_waiting and now - self.since > HEAD_WITHIN:
            self.end()
        left = self.transport.get_write_buffer_size()
        if not left or left < self.unread - READ_AT_LEAST:
            self.unread, self.unread_since = left, now
        elif now - self.unread_since > READ_WITHIN:
            self.transport.abort()
        else:
            self.unread = max(left, self.unread)

    def end(self) -> None:
        self.transport.close()

    def _count(self, received: int) -> None:
        self.head_bytes += received
        self.head_is_too_large = self.head_is_too_large or self.head_bytes > 2 * HEAD_BYTES
