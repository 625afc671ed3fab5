import json

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.test import Client

from portal.asgi import application
from portal.notifications import consumers
from portal.notifications.services import notify
from portal.notifications.wake import hub
from tests.factories.members import MemberFactory
from tests.portal.notifications.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)
HOME = b"http://testserver"


@database_sync_to_async
def signed_in():
    member, client = MemberFactory(), Client()
    client.force_login(member)
    return member, client


def socket(client=None, *, origin=HOME, path="/ws/"):
    headers = [(b"origin", origin)] if origin else []
    if client:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return Socket(application, path, headers)


async def test_socket_tells_the_last_number_and_then_each_new_one():
    member, client = await signed_in()
    await database_sync_to_async(notify)(recipient=member, kind="a.thing")
    page = socket(client)

    connected, _code = await page.connect()
    first = json.loads(await page.hear())
    await database_sync_to_async(notify)(recipient=member, kind="a.thing")
    second = json.loads(await page.hear())
    await page.leave()

    assert connected
    assert first == {"type": "notices", "seq": 1}
    # A process that has only now begun to hear what others publish says "ask anyway".
    assert second in ({"type": "notices", "seq": 2}, {"type": "notices"})
    assert hub.count(member.pk) == 0


async def test_what_was_missed_while_away_is_in_the_number_on_return():
    member, client = await signed_in()
    page = socket(client)
    await page.connect()
    await page.hear()
    await page.leave()

    await database_sync_to_async(notify)(recipient=member, kind="a.thing")
    again = socket(client)
    await again.connect()

    assert json.loads(await again.hear()) == {"type": "notices", "seq": 1}
    answer = await database_sync_to_async(client.get)("/notifications/live/?after=0")
    assert answer.headers["X-Live-Seq"] == "1"
    await again.leave()


async def test_visitor_is_refused():
    assert await socket().connect() == (False, 4401)


@pytest.mark.parametrize("origin", [b"https://elsewhere.example", None])
async def test_other_origin_is_refused(origin):
    _member, client = await signed_in()

    connected, _code = await socket(client, origin=origin).connect()

    assert not connected


async def test_other_address_is_refused():
    connected, _code = await socket(path="/elsewhere/").connect()

    assert not connected


async def test_socket_closes_when_the_session_has_ended():
    member, client = await signed_in()
    page = socket(client)
    await page.connect()
    await page.settle()

    await database_sync_to_async(client.logout)()
    await database_sync_to_async(notify)(recipient=member, kind="a.thing")

    assert await page.receive_output() == {"type": "websocket.close", "code": 4401}
    await page.leave()


async def test_large_frame_closes_the_socket():
    _member, client = await signed_in()
    page = socket(client)
    await page.connect()
    await page.hear()

    await page.say("x" * (16 * 1024 + 1))

    assert await page.receive_output() == {"type": "websocket.close", "code": 1009}
    await page.leave()


async def test_too_many_frames_close_the_socket():
    _member, client = await signed_in()
    page = socket(client)
    await page.connect()
    await page.hear()

    for _number in range(30):
        await page.say("{}")

    told = await page.receive_output()
    while told["type"] == "websocket.send":
        told = await page.receive_output()
    assert told == {"type": "websocket.close", "code": 4429}
    await page.leave()


async def test_one_member_opens_a_bounded_number_of_sockets(monkeypatch):
    monkeypatch.setattr(consumers, "MAX_SOCKETS", 1)
    _member, client = await signed_in()
    page = socket(client)
    await page.connect()

    assert await socket(client).connect() == (False, 4429)
    await page.leave()
