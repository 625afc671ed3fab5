"""What production's log holds of every flow: no key, no search, no address, no whole network."""

import io
import json
import logging
import re
from logging.config import dictConfig

import pytest
from django.conf import settings
from django.core import mail, signing
from django.test import Client, override_settings
from django.urls import get_resolver, path
from django.utils.http import urlencode

from portal.accounts.models import Member
from portal.api.services.keys import create_key
from portal.notifications.mails import SALT
from portal.settings import logs
from portal.ui.masking import (
    MASK,
    PLAIN_PARTS,
    VARIABLE,
    is_plain,
    mask_text,
    parts_of,
    secret_addresses,
    secret_routes,
)
from portal.urls import urlpatterns as portal_urls
from tests.factories.members import MemberFactory

EMAIL = "zqx.planted@mail.example"
PASSWORD = "Zqx-Planted-Pass-71"
SEARCH = "zqxsearched"
HOME = "203.0.113.77"
KEY = re.compile(r"/accounts/(?:confirm-email|password/reset/key)/([^/\s]+)/")


def boom(request, token):
    raise ValueError(f"Nobody may read {EMAIL} at {request.get_full_path()}")


urlpatterns = [path("boom/<str:token>/", boom), *portal_urls]


@pytest.fixture
def log():
    """Everything that production's logging writes, as text."""
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    config = logs.configure(is_production=True, level="INFO", keeps_loggers=False)
    config["handlers"]["console"]["stream"] = written
    dictConfig(config)
    yield written
    dictConfig(logs.configure(is_production=False, level="WARNING", keeps_loggers=False))
    root.handlers[:], level = before
    root.setLevel(level)


@pytest.fixture
def visitor(first_pages, commits):
    client = Client(REMOTE_ADDR=HOME, HTTP_X_FORWARDED_FOR=HOME, raise_request_exception=False)
    return client


def keys_in_mails():
    return [key for message in mail.outbox for key in KEY.findall(message.body)]


def sign_up(client):
    data = {"name": "Zqx", "email": EMAIL, "password1": PASSWORD}
    client.post("/accounts/signup/", data)
    client.post("/accounts/signup/", {**data, "password1": "12"})
    return [EMAIL, PASSWORD]


def confirm(client):
    sign_up(client)
    key = keys_in_mails()[0]
    client.get(f"/accounts/confirm-email/{key}/")
    client.get(f"/tr/accounts/confirm-email/{key}x/")
    return [key]


def reset(client):
    MemberFactory(email=EMAIL)
    client.post("/accounts/password/reset/", {"email": EMAIL})
    key = keys_in_mails()[0]
    form = client.get(f"/accounts/password/reset/key/{key}/", follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    client.get(f"/tr/accounts/password/reset/key/{key}/")
    client.get(f"/accounts/password/reset/key/{key}")
    client.get(f"/account/reset/{key}/")
    return [key, key.partition("-")[2], EMAIL, PASSWORD]


def log_in(client):
    MemberFactory(email=EMAIL)
    client.post("/accounts/login/", {"login": EMAIL, "password": PASSWORD})
    client.post("/accounts/login/?" + urlencode({"next": f"/x/?email={EMAIL}"}), {"login": EMAIL})
    client.force_login(Member.objects.get(email=EMAIL))
    client.get("/dashboard/")
    return [EMAIL, PASSWORD, client.cookies["sessionid"].value]


def search(client):
    client.get("/search/", {"q": SEARCH})
    client.get(f"/search?q={SEARCH}")
    client.get(f"/ideas/?{SEARCH}")
    client.get(f"/tr/search/?q='{SEARCH}'&page=2")
    client.get("/ideas/similar/", {"title": SEARCH})
    client.get(f"/cms/?q={SEARCH}")
    return [SEARCH]


def unsubscribe(client):
    member = MemberFactory(email=EMAIL)
    token = signing.dumps({"member": member.pk, "category": "events"}, salt=SALT)
    client.get(f"/notifications/unsubscribe/{token}/")
    client.post(f"/tr/notifications/unsubscribe/{token}/")
    client.get("/notifications/unsubscribe/Zqx:planted/")
    return [token, "Zqx:planted"]


def export(client):
    member = MemberFactory(email=EMAIL, name="Zqx Export")
    client.force_login(member)
    client.post("/settings/export/")
    return [EMAIL, "Zqx Export"]


def call_the_api(client):
    _row, key = create_key(name="Shop", scopes=["members:read"])
    headers = {"Authorization": f"Bearer {key}"}
    client.get("/api/v1/members", headers=headers)
    client.get(f"/api/v1/members/{EMAIL}?cursor={SEARCH}", headers=headers)
    client.get("/api/v1/members", headers={"Authorization": "Bearer zqx-wrong-key"})
    return [key, EMAIL, SEARCH, "zqx-wrong-key"]


def lose_the_way(client):
    client.get(f"/nothing/{EMAIL}/?token=zqxtoken")
    client.get("/credentials/ZqxToken1234567890abcd/")
    client.get("/tr/credentials/ZqxToken1234567890abcd.json")
    client.post("/ideas/new/", {"title": "zqxtitle", "body": "zqxbody"})
    return [EMAIL, "zqxtoken", "ZqxToken1234567890abcd", "zqxtitle"]


def break_down(client):
    with override_settings(ROOT_URLCONF=__name__):
        secret_routes.cache_clear()
        client.get(f"/boom/Zqx-token-of-boom/?q={SEARCH}")
    secret_routes.cache_clear()
    return [EMAIL, SEARCH, "Zqx-token-of-boom"]


FLOWS = (
    sign_up,
    confirm,
    reset,
    log_in,
    search,
    unsubscribe,
    export,
    call_the_api,
    lose_the_way,
    break_down,
)


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_log_of_a_flow_holds_no_secret(visitor, log, flow):
    planted = flow(visitor)

    text = log.getvalue()
    lines = [json.loads(line) for line in text.splitlines()]
    found = [secret for secret in [*planted, HOME] if secret in text]
    assert found == []
    assert len(lines) > 1
    assert "request_finished" in {line["event"] for line in lines} or flow is break_down


def test_log_of_a_failure_says_where_it_happened(visitor, log):
    break_down(visitor)

    assert "in boom" in log.getvalue()
    assert f"ValueError: Nobody may read {MASK} at /boom/{MASK}/?{MASK}" in log.getvalue()


@pytest.mark.parametrize(
    "logger", ["uvicorn.access", "uvicorn.error", "granian.access", "_granian", "py.warnings"]
)
def test_lines_of_servers_pass_the_same_step(log, logger):
    words = f'{HOME}:5011 - "GET /search/?q={SEARCH} HTTP/1.1" 200'
    logging.getLogger(logger).warning(words)
    logging.getLogger(logger).warning("%s asked %s", "2001:db8:1:2::7", f"/x/?q={SEARCH}")

    first, second = (json.loads(line)["event"] for line in log.getvalue().splitlines())
    assert first == f'203.0.113.0:5011 - "GET /search/?{MASK} HTTP/1.1" 200'
    assert second == f"2001:db8:1:: asked /x/?{MASK}"


def test_every_route_with_a_secret_is_masked():
    """A new part that is not a number and not named as plain is a secret."""
    routes = sorted(set(secret_addresses(get_resolver())))
    unmasked = []
    for route in routes:
        told = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
        told = told.replace("^", "").replace("$", "")
        address = "/tr/" + VARIABLE.sub(lambda one: "7" if one[1] == "int" else "zq-Xw.1", told)
        masked = mask_text(f'"GET {address}" Not Found: {address}')
        unmasked += [route] if masked.count("zq-Xw.1") > 2 * _plain_parts(route) else []

    assert "accounts/^confirm-email/(?P<key>[-:\\w]+)/$" in routes
    assert len(routes) >= 8
    assert unmasked == []


def _plain_parts(route):
    return sum(is_plain(name, kind) and kind != "int" for name, kind in parts_of(route))


def test_plain_parts_are_those_of_routes():
    def names(resolver):
        for pattern in resolver.url_patterns:
            if hasattr(pattern, "url_patterns"):
                yield from names(pattern)
            yield from (name for name, _kind in parts_of(str(pattern.pattern)))

    assert PLAIN_PARTS - set(names(get_resolver())) == set()


@pytest.mark.parametrize(
    "words",
    [
        "GET /ideas/12-more-benches-at-the-gate-of-2027/",
        "Not Found: /knowledge/f81d4fae-7dec-11d0-a765-00a0c91e6bf6/read/",
        "Took 20:15:49.123 on 3.11.7 with a ? b : c",
        "badges.marks What? /members/bora-kaya/",
    ],
)
def test_words_that_are_no_secret_stay(words):
    assert mask_text(words) == words


def test_values_under_telling_names_are_masked(log):
    import structlog

    structlog.get_logger("t").warning("x", password="a", token="b", kept=[EMAIL, {"q": "c"}], n=3)

    line = json.loads(log.getvalue())
    assert (line["password"], line["token"], line["n"]) == (MASK, MASK, 3)
    assert line["kept"] == [MASK, {"q": MASK}]


def test_row_that_postgresql_refused_is_not_told():
    error = f"violates check\nDETAIL:  Failing row contains (1, {PASSWORD}, secret words).\nEnd"

    assert mask_text(error) == f"violates check\nDETAIL:  {MASK}\nEnd"


def test_settings_write_through_the_same_step():
    steps = settings.LOGGING["formatters"]["lines"]["processors"]

    assert [getattr(step, "__name__", "") for step in steps].count("mask_line") == 1
