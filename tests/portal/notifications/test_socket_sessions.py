"""A socket ends within a second of its session, in whatever way that ends."""

import asyncio
import time
from datetime import timedelta
from importlib import import_module

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.accounts.models import Member
from portal.accounts.services.closing import close_account
from portal.accounts.services.staff import change_member
from portal.asgi import application, sockets
from portal.notifications import sessions
from portal.notifications.consumers import NowhereConsumer
from portal.notifications.sessions import Seat, ended_among
from tests.factories.members import PASSWORD, MemberFactory
from tests.portal.notifications.sockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "another calm square"


def sign_in(member):
    client = Client(REMOTE_ADDR="127.0.0.1")
    client.post("/accounts/login/", {"login": member.email, "password": PASSWORD})
    assert client.session.session_key
    return client


def key_of(client):
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def socket_of(client, path="/ws/"):
    cookie = f"{settings.SESSION_COOKIE_NAME}={key_of(client)}".encode()
    return Socket(application, path, [(b"origin", b"http://testserver"), (b"cookie", cookie)])


ADDRESSES = [
    f"/{route.pattern}"
    for route in sockets.routes
    if route.callback.consumer_class is not NowhereConsumer
]


def log_out(member, client, key):
    client.post("/accounts/logout/")


def change_password(member, client, key):
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    sign_in(member).post("/accounts/password/change/", data)


def change_own_password(member, client, key):
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    client.post("/accounts/password/change/", data)


def set_password_by_hand(member, client, key):
    Member.objects.filter(pk=member.pk).update(password=make_password(NEW))


def end_other_sessions(member, client, key):
    there = sign_in(member)
    there.get("/accounts/sessions/")
    there.post("/accounts/sessions/")


def be_deactivated_by_staff(member, client, key):
    staff = MemberFactory(is_superuser=True)
    fields = {"name": member.name, "email": member.email, "handle": member.handle}
    change_member(actor=staff, member=member, is_active=False, **fields)


def be_deactivated_by_hand(member, client, key):
    Member.objects.filter(pk=member.pk).update(is_active=False)


def close(member, client, key):
    close_account(member=member)


def expire(member, client, key):
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(session_key=key).update(expire_date=past)


def empty_sessions(member, client, key):
    Session.objects.all().delete()


def become_somebody_else(member, client, key):
    store = import_module(settings.SESSION_ENGINE).SessionStore(key)
    store["_auth_user_id"] = str(MemberFactory().pk)
    store.save()


def spoil(member, client, key):
    Session.objects.filter(session_key=key).update(session_data="not:signed")


WAYS = [
    log_out,
    change_password,
    change_own_password,
    set_password_by_hand,
    end_other_sessions,
    be_deactivated_by_staff,
    be_deactivated_by_hand,
    close,
    expire,
    empty_sessions,
    become_somebody_else,
    spoil,
]


@pytest.mark.parametrize("end", WAYS, ids=lambda way: way.__name__)
async def test_socket_ends_within_a_second_of_its_session(end):
    member = await database_sync_to_async(MemberFactory)()
    client = await database_sync_to_async(sign_in)(member)
    page = socket_of(client)
    await page.connect()
    await page.settle()

    await database_sync_to_async(end)(member, client, key_of(client))
    ended_at = time.monotonic()
    said = await page.receive_output(timeout=3)

    assert said == {"type": "websocket.close", "code": 4401}
    assert time.monotonic() - ended_at < 1
    await page.leave()


@pytest.mark.parametrize("path", ADDRESSES)
async def test_socket_at_every_address_ends_with_its_session(path):
    member = await database_sync_to_async(MemberFactory)()
    client = await database_sync_to_async(sign_in)(member)
    page = socket_of(client, path)
    assert await page.connect() == (True, None)
    await page.settle()

    await database_sync_to_async(log_out)(member, client, None)

    assert await page.receive_output(timeout=1) == {"type": "websocket.close", "code": 4401}
    await page.leave()


async def test_sockets_of_sessions_that_hold_stay_open():
    member, other = await database_sync_to_async(MemberFactory.create_batch)(2)
    here, there = [await database_sync_to_async(sign_in)(member) for _ in range(2)]
    neighbour = await database_sync_to_async(sign_in)(other)
    pages = [socket_of(client) for client in (here, there, neighbour)]
    for page in pages:
        await page.connect()
        await page.settle()

    await database_sync_to_async(log_out)(member, there, None)
    said = await pages[1].receive_output(timeout=3)
    quiet = [await page.receive_nothing(timeout=1.2) for page in (pages[0], pages[2])]

    assert said["code"] == 4401
    assert quiet == [True, True]
    for page in pages:
        await page.leave()


async def test_database_that_does_not_answer_ends_no_socket(monkeypatch):
    member = await database_sync_to_async(MemberFactory)()
    client = await database_sync_to_async(sign_in)(member)
    page = socket_of(client)
    await page.connect()
    await page.settle()

    def fail(seats):
        raise DatabaseError("gone")

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "ended_among", fail)
        assert await page.receive_nothing(timeout=1.2)
    await database_sync_to_async(log_out)(member, client, None)

    assert (await page.receive_output(timeout=3))["code"] == 4401
    await page.leave()


async def test_watch_ends_with_its_last_socket():
    member = await database_sync_to_async(MemberFactory)()
    client = await database_sync_to_async(sign_in)(member)
    page = socket_of(client)
    await page.connect()
    await page.settle()
    await page.leave()
    await asyncio.sleep(0.1)

    assert not [task for task in asyncio.all_tasks() if task.get_name() == "session-watch"]


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_sockets_costs_two_statements(count):
    members = MemberFactory.create_batch(count)
    seats = [Seat(one.pk, key_of(sign_in(one)), lambda: None) for one in members]

    with CaptureQueriesContext(connection) as asked:
        assert ended_among(seats) == set()

    assert len(asked) == 2


def test_member_of_another_session_is_nobody():
    first, second = MemberFactory.create_batch(2)
    seat = Seat(second.pk, key_of(sign_in(first)), lambda: None)

    assert ended_among([seat]) == {seat}
