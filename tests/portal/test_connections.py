"""The embedded server's HTTP on a real port, with clients that are slow on purpose."""

import asyncio
import contextlib
import threading
import time

import pytest
import uvicorn

from portal import bodies, connections
from portal.bodies import BodyGuard
from portal.connections import BoundedProtocol
from tests.portal.test_bodies import reading

GOOD = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def app(scope, receive, send):
    if scope["path"] == "/large":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * 8_000_000})
        return
    await reading(scope, receive, send)


@pytest.fixture(scope="module")
def port():
    """A server in a thread, less patient than the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connections, "HEAD_WITHIN", 0.5)
        patch.setattr(connections, "READ_WITHIN", 0.5)
        patch.setattr(connections, "LOOK_EVERY", 0.1)
        patch.setattr(bodies, "GRACE", 0.5)
        patch.setattr(bodies, "LINGER", 0.5)
        patch.setattr(bodies, "SIP", 0.01)
        config = uvicorn.Config(
            BodyGuard(app), port=0, http=BoundedProtocol, log_level="critical", lifespan="off"
        )
        config.timeout_keep_alive = 1
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield server.servers[0].sockets[0].getsockname()[1]
        server.should_exit = True
        thread.join(10)


@pytest.fixture(autouse=True)
async def settled():
    """What a test has closed is closed before its loop ends."""
    yield
    await asyncio.sleep(0.05)


class Client:
    @classmethod
    async def to(cls, port):
        one = cls()
        one.reader, one.writer = await asyncio.open_connection("127.0.0.1", port)
        return one

    async def say(self, data):
        self.writer.write(data)
        with contextlib.suppress(ConnectionError):
            await self.writer.drain()

    async def heard(self, within=5):
        """Everything until the server ends the connection."""
        try:
            return await asyncio.wait_for(self.reader.read(), within)
        except ConnectionError:
            return b""
        finally:
            self.writer.close()

    async def status(self):
        line = await asyncio.wait_for(self.reader.readline(), 5)
        return int(line.split()[1])


async def status_of(port, request):
    client = await Client.to(port)
    await client.say(request)
    try:
        return await client.status()
    finally:
        client.writer.close()


async def trickle(client, data, pause=0.05):
    with contextlib.suppress(ConnectionError):
        for byte in data:
            await client.say(bytes([byte]))
            await asyncio.sleep(pause)


async def test_good_client_is_served_on_one_connection(port):
    client = await Client.to(port)
    await client.say(GOOD)
    assert await client.status() == 200
    await client.reader.readuntil(b"0\r\n\r\n")
    await client.say(GOOD)

    assert await client.status() == 200
    client.writer.close()


async def test_connection_without_a_word_is_ended(port):
    assert await (await Client.to(port)).heard() == b""


async def test_head_that_trickles_is_ended(port):
    client = await Client.to(port)
    trickling = asyncio.create_task(trickle(client, GOOD * 10))

    began = time.monotonic()
    assert await client.heard() == b""
    assert time.monotonic() - began < 3
    trickling.cancel()


async def test_second_head_that_trickles_is_ended(port):
    client = await Client.to(port)
    await client.say(GOOD)
    await client.reader.readuntil(b"0\r\n\r\n")
    trickling = asyncio.create_task(trickle(client, GOOD * 10))

    assert await client.heard() == b""
    trickling.cancel()


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 100_000 + b"\r\n\r\n",
        b"GET /" + b"y" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"y" * 1_000_000,
    ],
    ids=["lines", "line", "address", "without end"],
)
async def test_head_without_measure_is_refused(port, head):
    assert await status_of(port, head) == 431


async def test_body_that_does_not_come_is_answered_and_ended(port):
    client = await Client.to(port)
    await client.say(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nabc")

    heard = await client.heard()
    assert heard.startswith(b"HTTP/1.1 408 ")
    assert b"came too slowly" in heard


async def test_chunks_that_trickle_are_answered_and_ended(port):
    client = await Client.to(port)
    await client.say(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
    trickling = asyncio.create_task(trickle(client, b"1\r\na\r\n" * 100))

    assert (await client.heard()).startswith(b"HTTP/1.1 408 ")
    trickling.cancel()


async def test_two_gigabytes_are_refused_in_words_while_they_are_sent(port):
    client = await Client.to(port)
    await client.say(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2147483648\r\n\r\n")
    await client.say(b"x" * 1_000_000)

    heard = await client.heard()
    assert heard.startswith(b"HTTP/1.1 413 ")
    assert b"can be sent here at once" in heard


async def test_client_that_waits_for_leave_is_refused_without_it(port):
    client = await Client.to(port)
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2147483648\r\n"
    await client.say(head + b"Expect: 100-continue\r\n\r\n")

    assert (await client.heard()).startswith(b"HTTP/1.1 413 ")


async def test_answer_that_nobody_reads_is_given_up(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    writer.write(b"GET /large HTTP/1.1\r\nHost: a\r\n\r\n")
    await asyncio.sleep(2)

    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await asyncio.wait_for(reader.readexactly(8_000_000), 5)
    writer.close()


async def test_crowd_that_only_waits_makes_room_for_who_asks(port, monkeypatch):
    monkeypatch.setattr(connections, "WAITING_OF_ONE", 20)
    monkeypatch.setattr(connections, "HEAD_WITHIN", 60)
    crowd = [await Client.to(port) for _ in range(40)]

    assert await status_of(port, GOOD) == 200
    gone = [await asyncio.wait_for(one.reader.read(), 5) for one in crowd[:15]]
    assert gone == [b""] * 15
    for one in crowd:
        one.writer.close()


async def test_full_house_lets_nobody_in(port, monkeypatch):
    monkeypatch.setattr(connections, "OPEN_OF_ALL", 0)
    client = await Client.to(port)
    await client.say(GOOD)

    assert await client.heard() == b""


async def test_crowd_that_comes_in_one_moment_makes_room_all_the_same():
    door = connections.Doorkeeper()
    crowd = [Waiting() for _ in range(connections.WAITING_OF_ONE + 30)]

    assert [door.let_in(one) for one in crowd] == [True] * len(crowd)
    assert [one.has_ended for one in crowd] == [True] * 30 + [False] * connections.WAITING_OF_ONE


class Waiting:
    """A connection of an address that has just come and said nothing."""

    address, is_waiting, since, has_ended = "192.0.2.1", True, 7.0, False

    def end(self):
        self.has_ended = True

    def look(self, now):
        pass
