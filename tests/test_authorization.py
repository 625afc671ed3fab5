"""Every address, asked by every role: who is let in, who is not."""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client

from tests.authorization_table import BEHIND_THE_CMS, ROUTES
from tests.authorization_world import ROLES, build_world, routes

ANSWERS = {401: "key", 403: "forbidden", 404: "missing", 405: "method"}
CMS = "cms/"


def expected(row: str, role: str) -> str:
    """One word is for everybody; two are for visitors and the others; else one for each role."""
    words = row.split()
    place = ROLES.index(role)
    return words[min(place, len(words) - 1)]


def visit(world, role: str, sessions: dict, method: str, address: str) -> str:
    """Ask for an address and take back whatever that did; how the answer is called."""
    client = Client()
    if role in sessions:
        client.cookies["sessionid"] = sessions[role]
    cache.clear()
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    if response.status_code in (301, 302):
        return _direction(response["Location"], role)
    return ANSWERS.get(response.status_code, "ok")


def _direction(target: str, role: str) -> str:
    if target == "/cms/":
        return "home"
    if "/login/" in target:
        return "login" if role == "visitor" else "forbidden"
    return "confirm" if "/reauthenticate/" in target else "ok"


def test_every_route_is_in_the_table():
    ours = {route for route, is_ours in routes() if is_ours or not route.startswith(CMS)}

    assert ours - set(ROUTES) == set()
    assert set(ROUTES) - ours == set()


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


@pytest.fixture(autouse=True)
def _blank_pages(monkeypatch):
    """Who is let in is decided before a page is put together, which takes most of the time."""
    whole = Template.render

    def render(self, context=None, request=None):
        return whole(self, context) if request is None else ""

    monkeypatch.setattr(Template, "render", render)


@pytest.fixture(scope="module")
def sessions(world):
    cookies = {}
    for role, member in world.people.items():
        client = Client()
        client.force_login(member)
        cookies[role] = client.cookies["sessionid"].value
    return cookies


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_address_lets_in_whom_it_should(world, sessions, role):
    wrong = []
    for route, rows in ROUTES.items():
        for method, row in zip(("get", "post"), rows, strict=True):
            answer = visit(world, role, sessions, method, world.address(route))
            if answer != expected(row, role):
                wrong.append((method, route, answer, "instead of", expected(row, role)))

    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "member"])
def test_nothing_of_the_cms_is_open_to_those_outside(world, sessions, role):
    """Wagtail's own addresses without variable parts: they lead to the log-in, or say no."""
    wrong = []
    for route in [route for route, is_ours in routes() if route.startswith(CMS) and not is_ours]:
        if "<" in route or "^" in route:
            continue
        row = BEHIND_THE_CMS.get(route, BEHIND_THE_CMS[CMS])
        answer = visit(world, role, sessions, "get", f"/{route}")
        if answer != expected(row, role):
            wrong.append((route, answer, "instead of", expected(row, role)))

    assert not wrong, "\n".join(map(str, wrong))
