"""Every route that may write names its permission and its limit, and the limit holds."""

import re
import threading
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import allauth
import pytest
import rules
from allauth.account import app_settings
from django.contrib.auth.models import AnonymousUser, Permission
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.template.backends.django import Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path

from portal.accounts.models import Member
from portal.ui.limits import (
    BY_PLACE,
    WRITES,
    WriteLimitMiddleware,
    hit,
    limit_for,
    parse_rate,
    rate_limited,
)
from portal.ui.management.commands import routes as command
from portal.ui.routes import WORDS, walk, writing_routes
from tests.authorization_world import build_world

ROUTES = writing_routes()
ADDRESS = {"REMOTE_ADDR": "10.0.0.1"}


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


@pytest.fixture
def limits(settings):
    """Limits in force, counted in memory: whether Redis and the table count rightly is asked in
    tests/portal/resilience, and a Redis that a busy machine delays counts as away.
    """
    settings.RATE_LIMITS = True
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()


@pytest.fixture
def blank_pages(monkeypatch):
    whole = Template.render

    def render(self, context=None, request=None):
        return whole(self, context) if request is None else ""

    monkeypatch.setattr(Template, "render", render)


def unlisted(route):
    """What a route forgets to say."""
    if not route.permission:
        return "permission"
    has_limit = hasattr(route.view, "limit") or route.route.startswith(("cms/", "api/"))
    return "limit" if route.is_own and not has_limit else ""


def test_every_writing_route_names_its_permission_and_its_limit():
    forgotten = [(route.route, what) for route in ROUTES if (what := unlisted(route))]

    assert forgotten == []
    assert sum(route.is_own for route in ROUTES) > 80


def test_route_without_a_word_is_found():
    def careless(request):
        """A view that somebody adds without a thought."""

    careless.__module__ = "community.views.careless"
    found = writing_routes([path("careless/", careless)])

    assert [(route.route, unlisted(route)) for route in found] == [("careless/", "permission")]


@pytest.mark.django_db
def test_every_permission_in_the_table_exists():
    stored = Permission.objects.values_list("content_type__app_label", "codename")
    known = {f"{app}.{name}" for app, name in stored} | WORDS
    unknown = {route.permission for route in ROUTES if not rules.perm_exists(route.permission)}

    assert unknown - known == set()


def test_table_is_what_runs():
    assert command.PAGE.read_text() == command.page()


def test_table_that_is_behind_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(command, "PAGE", tmp_path / "routes.md")
    with pytest.raises(CommandError):
        call_command("routes", "--check")

    call_command("routes")

    call_command("routes", "--check")


def use_up(key):
    """Use every limit of the table up, the smaller part of each."""
    for limit in {route.limit for route in ROUTES}:
        count, per = parse_rate(limit.rates[0])
        for _ in range(count):
            assert hit(limit.scope, key, count, per)


def send(rf, route, user, **headers):
    """What a route answers through the middleware, whatever its address holds."""
    request = rf.post("/", **ADDRESS, headers=headers)
    request.user, request.htmx = user, False
    request.resolver_match = SimpleNamespace(route=route.route)
    middleware = WriteLimitMiddleware(lambda request: None)
    return middleware.process_view(request, route.view, (), {}) or route.view(request)


@pytest.mark.django_db
def test_every_writing_route_is_limited(world, rf, limits, blank_pages):
    member = Member.objects.get(pk=world.people["administrator"].pk)
    use_up(f"member:{member.pk}")

    unlimited = [route.route for route in ROUTES if send(rf, route, member).status_code != 429]

    assert unlimited == []


def test_limits_are_the_same_in_both_languages():
    other = [limit_for(f"tr/{route.route}", route.view) for route in ROUTES]

    assert other == [route.limit for route in ROUTES]


@pytest.mark.django_db
def test_spoofed_addresses_change_nothing(rf, limits, blank_pages):
    use_up("address:10.0.0.1")
    places = {route.limit: route for route in ROUTES if not hasattr(route.view, "limit")}
    open_to_all = places.values()

    answers = {
        send(rf, route, AnonymousUser(), **{"X-Forwarded-For": f"6.6.6.{n}, 7.7.7.7"}).status_code
        for n, route in enumerate(open_to_all)
    }

    assert answers == {429}


@pytest.mark.django_db
def test_success_resets_nothing(world, limits):
    client, statuses = Client(), []
    client.force_login(world.people["member"])
    for _ in range(22):
        statuses.append(client.post("/settings/picture/remove/").status_code)  # noqa: PERF401

    assert Counter(statuses) == {302: 20, 429: 2}


@pytest.mark.django_db
def test_wagtails_own_writes_are_limited(world, limits):
    client, member = Client(), world.people["administrator"]
    client.force_login(member)
    address = f"/cms/pages/{1}/delete/"
    before = client.post(address).status_code
    count, per = parse_rate(BY_PLACE["cms/"].rates[0])
    while hit("cms", f"member:{member.pk}", count, per):
        pass

    assert before != 429
    assert client.post(address).status_code == 429
    assert client.get("/cms/").status_code == 200


@pytest.mark.django_db
def test_every_view_that_says_so_only_reads(world, blank_pages):
    client, wrote = Client(), []
    client.force_login(world.people["member"])
    reading = [route for route, view in walk() if getattr(view, "is_reading", False)]
    for route in reading:
        with CaptureQueriesContext(connection) as queries:
            client.post(world.address(route))
        asked = [query["sql"] for query in queries]
        wrote += [(route, sql) for sql in asked if re.match("INSERT|UPDATE|DELETE", sql)]

    assert wrote == []
    assert len(reading) > 15


def test_every_rate_of_allauth_is_there(settings):
    """Each action that allauth counts has a rate, also after allauth has new ones."""
    settings.ACCOUNT_RATE_LIMITS = {}
    folder = Path(allauth.__file__).parent
    sources = [*folder.glob("account/**/*.py"), *folder.glob("mfa/**/*.py")]
    counted = {
        action
        for source in sources
        for action in re.findall(r'action="(\w+)"', source.read_text())
        if "ratelimit" in source.read_text() or "rate_limit" in source.read_text()
    }
    rates = app_settings.RATE_LIMITS

    assert {action for action in counted & set(rates) if not rates[action]} == set()
    assert {"login", "login_failed", "signup", "reset_password", "manage_email"} <= counted


def burst(use, threads=64, times=4):
    """What 64 threads are told that begin together: (second, whether it passed)."""
    barrier, told = threading.Barrier(threads), []

    def work():
        barrier.wait()
        for _ in range(times):
            before = int(time.time())
            passed = use()
            told.append((before, int(time.time()), passed))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return told


def most_in_a_window(told):
    """How many passed in the fullest window, of those that surely fell into one."""
    passed = Counter(before for before, after, passed in told if passed and before == after)
    return max(passed.values(), default=0)


@pytest.mark.races
def test_burst_of_64_passes_exactly_the_limit(limits):
    told = burst(lambda: hit("burst", "a", 20, 86_400))

    assert (len(told), sum(passed for *_when, passed in told)) == (256, 20)


@pytest.mark.races
def test_bursts_across_the_turn_of_windows_pass_the_limit_in_none(limits):
    until, told = time.time() + 2.2, []
    while time.time() < until:
        told += burst(lambda: hit("turning", "a", 20, 1))

    assert most_in_a_window(told) == 20


@pytest.mark.races
def test_control_looking_first_passes_more_than_the_limit(limits):
    """The same bursts on a counter that is read, and written then."""

    def careless():
        used = cache.get("careless", 0)
        time.sleep(0.001)
        if used >= 20:
            return False
        cache.set("careless", used + 1)
        return True

    told = burst(careless)

    assert sum(passed for *_when, passed in told) > 20


@pytest.mark.races
def test_view_lets_exactly_its_limit_through(limits, blank_pages, rf):
    from django.http import HttpResponse

    @rate_limited("burst.view", "20/d")
    def view(request):
        return HttpResponse()

    def ask():
        request = rf.post("/", **ADDRESS)
        request.user = AnonymousUser()
        return view(request).status_code == 200

    told = burst(ask, times=1)

    assert (len(told), sum(passed for *_when, passed in told)) == (64, 20)
    assert view.limit.rates == ("20/d",)
    assert "POST" in WRITES
