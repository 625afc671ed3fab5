import json
import logging

import pytest
from asgiref.testing import ApplicationCommunicator
from django.http import HttpResponse
from python_ipware.modern.defaults import DEFAULT_PRECEDENCE

from portal.ui.proxies import TELLING, TrustedProxies, TrustedProxiesMiddleware, client_of
from tests.factories.members import MemberFactory

LOCAL = ["127.0.0.0/8", "::1", "unix"]
SPOOFED = "6.6.6.6"


@pytest.fixture(autouse=True)
def proxies(settings):
    settings.TRUSTED_PROXIES, settings.TRUSTED_PROXY_COUNT = LOCAL, 1


@pytest.mark.parametrize(
    ("remote", "chain", "client"),
    [
        # A stranger says what he likes.
        ("203.0.113.7", SPOOFED, "203.0.113.7"),
        ("203.0.113.7", "127.0.0.1", "203.0.113.7"),
        ("2001:db8::7", SPOOFED, "2001:db8::7"),
        # The proxy names whom it saw; what the client put before that is his own word.
        ("127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", f"{SPOOFED}, 203.0.113.7", "203.0.113.7"),
        ("127.0.0.1", f"127.0.0.1, {SPOOFED}, 203.0.113.7", "203.0.113.7"),
        ("::1", "2001:db8::7", "2001:db8::7"),
        ("::ffff:127.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("", "203.0.113.7", "203.0.113.7"),
        ("unix:", "203.0.113.7", "203.0.113.7"),
        # Ports, brackets and zones are no part of an address.
        ("127.0.0.1", "203.0.113.7:4711", "203.0.113.7"),
        ("127.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("127.0.0.1", "fe80::7%eth0", "fe80::7"),
        # What is no address is believed of nobody.
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", " , ,", "127.0.0.1"),
        ("127.0.0.1", "1" * 5000, "127.0.0.1"),
        ("127.0.0.1", "203.0.113.7\x00", "127.0.0.1"),
        ("garbage", SPOOFED, "garbage"),
    ],
)
def test_client_is_whom_the_proxy_saw(remote, chain, client):
    assert client_of(remote, chain) == client


@pytest.mark.parametrize(
    ("chain", "client"),
    [
        (f"{SPOOFED}, 203.0.113.7, 198.51.100.1", "203.0.113.7"),
        # Around the outer proxy, straight to the inner one.
        (f"{SPOOFED}, 203.0.113.7", "203.0.113.7"),
        # No longer way back than there are proxies.
        (f"{SPOOFED}, 198.51.100.2, 198.51.100.1", "198.51.100.2"),
    ],
)
def test_chain_of_proxies_is_followed_as_far_as_each_is_trusted(settings, chain, client):
    settings.TRUSTED_PROXIES, settings.TRUSTED_PROXY_COUNT = [*LOCAL, "198.51.100.0/24"], 2

    assert client_of("127.0.0.1", chain) == client


def test_nobody_is_believed_by_default(settings):
    settings.TRUSTED_PROXIES = []

    assert client_of("127.0.0.1", SPOOFED) == "127.0.0.1"
    assert client_of("", SPOOFED) == ""


def seen(rf, **meta):
    """What the portal sees of a request once it is past the middleware."""
    requests = []
    pass_on = TrustedProxiesMiddleware(lambda request: requests.append(request) or HttpResponse())
    pass_on(rf.get("/", **meta))
    return requests[0]


def known_to_ipware():
    """The headers in which the library of the logs looks for an address."""
    return [name for name in DEFAULT_PRECEDENCE if name.startswith("HTTP_")]


@pytest.mark.parametrize("remote", ["127.0.0.1", "203.0.113.7"])
@pytest.mark.parametrize("header", known_to_ipware())
def test_no_header_of_any_proxy_names_an_address(rf, remote, header):
    request = seen(rf, REMOTE_ADDR=remote, **{header: SPOOFED})

    told = [name for name, value in request.META.items() if value == SPOOFED]
    is_believed = (remote, header) == ("127.0.0.1", "HTTP_X_FORWARDED_FOR")
    assert told == (["REMOTE_ADDR"] if is_believed else [])


@pytest.mark.parametrize(("remote", "is_secure"), [("127.0.0.1", True), ("203.0.113.7", False)])
def test_only_a_proxy_says_that_a_request_was_encrypted(rf, settings, remote, is_secure):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

    request = seen(rf, REMOTE_ADDR=remote, HTTP_X_FORWARDED_PROTO="https")

    assert request.is_secure() is is_secure


@pytest.mark.parametrize(("remote", "host"), [("127.0.0.1", "a.example"), ("203.0.113.7", "own")])
def test_only_a_proxy_names_the_host(rf, settings, remote, host):
    settings.USE_X_FORWARDED_HOST, settings.ALLOWED_HOSTS = True, ["*"]

    request = seen(rf, REMOTE_ADDR=remote, HTTP_HOST="own", HTTP_X_FORWARDED_HOST="a.example")

    assert request.get_host() == host


@pytest.mark.django_db
def test_logs_name_the_client_and_no_spoofed_address(client, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/healthz", REMOTE_ADDR="203.0.113.7", HTTP_X_FORWARDED_FOR=SPOOFED)

    said = json.dumps([record.msg for record in caplog.records], default=str)
    assert "request_started" in said
    assert SPOOFED not in said


@pytest.mark.django_db
def test_failed_logins_are_counted_where_they_come_from(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/m/ip", "login": "30/m/ip"}
    member = MemberFactory()

    pages = [
        client.post(
            "/accounts/login/",
            {"login": member.email, "password": f"wrong-{number}"},
            REMOTE_ADDR="203.0.113.7",
            HTTP_X_FORWARDED_FOR=f"6.6.6.{number}",
        ).content.decode()
        for number in range(5)
    ]

    assert ["Too many" in page for page in pages] == [False, False, False, True, True]


@pytest.mark.django_db
def test_sessions_keep_the_address_that_the_proxy_saw(client):
    member = MemberFactory(password="a-long-password-1")
    client.post(
        "/accounts/login/",
        {"login": member.email, "password": "a-long-password-1"},
        REMOTE_ADDR="127.0.0.1",
        HTTP_X_FORWARDED_FOR=f"{SPOOFED}, 203.0.113.7",
    )

    assert [one.ip for one in member.usersession_set.all()] == ["203.0.113.7"]


@pytest.mark.parametrize(
    ("remote", "client", "kept"),
    [
        ("127.0.0.1", "203.0.113.7", [b"host", b"x-forwarded-proto"]),
        ("198.51.100.9", "198.51.100.9", [b"host"]),
    ],
)
async def test_sockets_come_from_where_the_proxy_saw_them(remote, client, kept):
    found = {}

    async def app(scope, receive, send):
        found.update(scope)

    headers = [(b"host", b"testserver"), (b"x-forwarded-proto", b"https")]
    headers += [(b"x-forwarded-for", SPOOFED.encode()), (b"x-forwarded-for", b"203.0.113.7")]
    headers += [(name.encode(), SPOOFED.encode()) for name in sorted(TELLING - {"x-forwarded-for"})]
    scope = {"type": "websocket", "client": (remote, 4711), "headers": headers}

    await ApplicationCommunicator(TrustedProxies(app), scope).wait()

    assert found["client"] == (client, 4711)
    assert [name for name, _value in found["headers"]] == kept
