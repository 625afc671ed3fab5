import asyncio
import json

import pytest

from portal import bodies
from portal.bodies import MEGABYTE, BodyGuard, limit_of

FORM = b"application/x-www-form-urlencoded"
FILES = b"multipart/form-data; boundary=x"


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """The same rules in less time."""
    monkeypatch.setattr(bodies, "GRACE", 0.2)
    monkeypatch.setattr(bodies, "LINGER", 0.05)


def scope_of(path="/ideas/new/", *, kind=FORM, client="203.0.113.7", **headers):
    given = [(b"content-type", kind)]
    given += [(name.replace("_", "-").encode(), value) for name, value in headers.items()]
    return {"type": "http", "method": "POST", "path": path, "client": (client, 1), "headers": given}


class Asking:
    """One request whose body comes in parts, and what it is answered."""

    def __init__(self, guard, scope):
        self.parts, self.sent = asyncio.Queue(), []
        self.task = asyncio.create_task(guard(scope, self.parts.get, self._hear))

    async def _hear(self, message):
        self.sent.append(message)

    def say(self, body=b"", *, more=True):
        self.parts.put_nowait({"type": "http.request", "body": body, "more_body": more})

    async def answered(self):
        await asyncio.wait_for(self.task, 5)
        start = self.sent[0]
        body = b"".join(one.get("body", b"") for one in self.sent)
        return start["status"], dict(start["headers"]), body.decode()


async def reading(scope, receive, send):
    """What Django does: read all of it, or leave when nobody is there any more."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(size).encode()})


async def test_body_within_the_limits_reaches_the_portal():
    asking = Asking(BodyGuard(reading), scope_of(content_length=b"6"))
    asking.say(b"abc")
    asking.say(b"def", more=False)

    assert await asking.answered() == (200, {}, "6")


async def test_request_without_a_body_is_passed_on_as_it_is():
    asking = Asking(BodyGuard(reading), scope_of())
    asking.say(more=False)

    assert await asking.answered() == (200, {}, "0")


@pytest.mark.parametrize("length", [b"2147483648", b"9" * 5000, b"2621441"])
async def test_length_beyond_the_limit_is_refused_before_anything_is_read(length):
    asking = Asking(BodyGuard(reading), scope_of(content_length=length))

    status, headers, words = await asking.answered()

    assert (status, headers[b"connection"]) == (413, b"close")
    assert "At most 2 megabytes can be sent here at once." in words


async def test_chunks_beyond_the_limit_are_refused_as_they_come():
    asking = Asking(BodyGuard(reading), scope_of(transfer_encoding=b"chunked"))
    for _part in range(4):
        asking.say(b"x" * MEGABYTE)

    status, _headers, _words = await asking.answered()

    assert status == 413


@pytest.mark.parametrize("path", ["/tr/ideas/new/", "/api/v1/activities", "/ideas/new/"])
async def test_words_are_those_of_the_reader(path):
    scope = scope_of(path, content_length=b"9999999", accept_language=b"tr-TR,en;q=0.5")
    status, headers, words = await Asking(BodyGuard(reading), scope).answered()

    assert status == 413
    if path.startswith("/api/"):
        assert headers[b"content-type"] == b"application/problem+json"
        assert json.loads(words)["title"] == "Gövde çok büyük"
    else:
        assert ('lang="tr"' in words) is path.startswith("/tr/")


async def test_body_that_stops_coming_is_given_up():
    asking = Asking(BodyGuard(reading), scope_of(content_length=b"100"))
    asking.say(b"a")

    status, headers, words = await asking.answered()

    assert (status, headers[b"connection"]) == (408, b"close")
    assert "came too slowly" in words


async def test_body_that_trickles_is_given_up():
    asking = Asking(BodyGuard(reading), scope_of(transfer_encoding=b"chunked"))

    async def trickle():
        while True:
            asking.say(b"a")
            await asyncio.sleep(0.01)

    trickling = asyncio.create_task(trickle())
    status, _headers, _words = await asking.answered()
    trickling.cancel()

    assert status == 408


async def test_large_body_that_keeps_coming_may_take_its_time(monkeypatch):
    monkeypatch.setattr(bodies, "LEAST_RATE", 1000)
    asking = Asking(BodyGuard(reading), scope_of(content_length=b"800"))
    for _part in range(8):
        asking.say(b"x" * 100)
        await asyncio.sleep(0.05)
    asking.say(more=False)

    assert (await asking.answered())[0] == 200


async def test_too_many_slow_bodies_of_one_address_cost_its_oldest(monkeypatch):
    monkeypatch.setattr(bodies, "SLOW_OF_ONE", 3)
    monkeypatch.setattr(bodies, "BLINK", 0.0)
    monkeypatch.setattr(bodies, "GRACE", 5)
    guard = BodyGuard(reading)
    other = Asking(guard, scope_of(content_length=b"9", client="198.51.100.1"))
    slow = [Asking(guard, scope_of(content_length=b"9")) for _ in range(5)]
    for one in [other, *slow]:
        one.say(b"a")
        await asyncio.sleep(0.01)
    for one in slow[1:]:
        one.say(b"b")
        await asyncio.sleep(0.01)

    assert (await slow[0].answered())[0] == 408
    other.say(b"b", more=False)
    assert (await other.answered())[0] == 200
    for one in slow:
        one.task.cancel()


async def test_too_much_on_the_way_costs_the_largest(monkeypatch):
    monkeypatch.setattr(bodies, "BYTES_OF_ALL", 2 * MEGABYTE)
    monkeypatch.setattr(bodies, "GRACE", 5)
    guard = BodyGuard(reading)
    large, small = [
        Asking(guard, scope_of("/cms/media/", kind=FILES, transfer_encoding=b"chunked"))
        for _ in range(2)
    ]
    for _part in range(3):
        large.say(b"x" * MEGABYTE)
    await asyncio.sleep(0.01)
    small.say(b"y")
    await asyncio.sleep(0.01)
    small.say(b"y", more=False)

    assert (await large.answered())[0] == 413
    assert (await small.answered())[0] == 200


@pytest.mark.parametrize(
    ("path", "kind", "megabytes"),
    [
        ("/ideas/new/", FORM, 2.5),
        ("/settings/picture/", FILES, 12),
        ("/tr/settings/picture/", FILES, 12),
        ("/cms/media/video/add/", FILES, 512),
        ("/cms/pages/3/edit/", FORM, 2.5),
        ("/api/v1/activities", b"application/json", 2.5),
        ("/api/v1/activities", FILES, 2.5),
    ],
)
def test_limit_goes_by_address_and_kind(path, kind, megabytes):
    assert limit_of(scope_of(path, kind=kind)) == megabytes * MEGABYTE
