"""Clients that are slow on purpose, one address each, and what others notice of them."""

import asyncio
import contextlib
import time

# With a cookie against forgery: without one the portal does not even look for a body.
COOKIE = b"Cookie: csrftoken=" + b"a" * 32 + b"\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: community.example.com\r\n" + COOKIE
GET = b"GET /large HTTP/1.1\r\nHost: community.example.com\r\n\r\n"
STATIC = GET.replace(b"/large", b"/static/js/portal.js")
JSON = HEAD.replace(b"POST /", b"POST /api/v1/activities") + b"Content-Type: application/json\r\n"


async def connect(port, number=0):
    """From an address of its own: the whole of 127.0.0.0/8 is this machine."""
    return await asyncio.open_connection(
        "127.0.0.1", port, local_addr=(f"127.1.{number // 200}.{number % 200 + 1}", 0)
    )


async def send_slowly(port, number, first, piece, pause, reads=True):
    """Say `first`, then `piece` again and again, for as long as anybody listens."""
    with contextlib.suppress(OSError):
        reader, writer = await connect(port, number)
        reading = asyncio.create_task(reader.read() if reads else asyncio.sleep(3600))
        try:
            writer.write(first)
            while not reading.done():
                await asyncio.wait([reading], timeout=pause)
                if piece and not reading.done():
                    writer.write(piece)
                    await writer.drain()
            await reading
        finally:
            reading.cancel()
            writer.close()


ATTACKS = {
    "heads that trickle": lambda port, n: send_slowly(port, n, HEAD, b"X: y\r\n", 0.5),
    "bodies that stop": lambda port, n: send_slowly(
        port, n, HEAD + b"Content-Length: 1000\r\n\r\nabc", b"", 0.5
    ),
    "bodies that trickle": lambda port, n: send_slowly(
        port, n, HEAD + b"Content-Length: 100000\r\n\r\n", b"a", 0.5
    ),
    "chunks that trickle": lambda port, n: send_slowly(
        port, n, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\na\r\n", 0.5
    ),
    "answers that nobody reads": lambda port, n: send_slowly(port, n, GET, b"", 0.5, reads=False),
    "idle connections": lambda port, n: send_slowly(port, n, b"", b"", 0.5),
    "two gigabytes": lambda port, n: send_slowly(
        port, n, HEAD + b"Content-Length: 2147483648\r\n\r\n", b"x" * 65536, 0.1
    ),
    "ten megabytes of JSON": lambda port, n: send_slowly(
        port, n, JSON + b"Content-Length: 10485760\r\n\r\n", b"[" * 65536, 0.1
    ),
}


async def times_of(port, seconds, path="/healthz", pause=0.02):
    """The sorted times of requests one after the other, in seconds; a failure is infinite."""
    found, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        status = await _status(port, path)
        found.append(time.perf_counter() - began if status == 200 else float("inf"))
        await asyncio.sleep(pause)
    return sorted(found)


async def _status(port, path):
    request = f"GET {path} HTTP/1.1\r\nHost: community.example.com\r\nConnection: close\r\n\r\n"
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request.encode())
            answer = await reader.read()
            writer.close()
    except (OSError, TimeoutError):
        return 0
    return int(answer[9:12] or 0)


def p95(times):
    return times[int(len(times) * 0.95)] if times else float("inf")


async def attacked(port, attack, clients, seconds, path="/healthz"):
    """The times of others while so many slow clients are at it."""
    crowd = [asyncio.create_task(ATTACKS[attack](port, number)) for number in range(clients)]
    await asyncio.sleep(min(1.0, seconds / 3))
    try:
        return await times_of(port, seconds, path)
    finally:
        for one in crowd:
            one.cancel()
        await asyncio.gather(*crowd, return_exceptions=True)
