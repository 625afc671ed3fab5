"""What a cache in front may keep: nothing that a member saw, and no cookie of anybody."""

import pytest
from django.template.backends.django import Template
from django.test import Client

from tests.authorization_table import ROUTES
from tests.authorization_world import build_world

# What is the same for everybody, whoever is logged in; every other answer to a member is theirs.
SHARED = {
    "brand.<slug:digest>.css",
    "credentials/<slug:token>.json",
    "credentials/<slug:token>.jwt",
    "credentials/<slug:token>.png",
    "credentials/<slug:token>/card.png",
    "credentials/achievements/<slug:code>.json",
    "credentials/status/<int:number>",
    ".well-known/did.json",
    "credentials/issuer.json",
}


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


@pytest.fixture
def _blank_pages(monkeypatch):
    whole = Template.render

    def render(self, context=None, request=None):
        return whole(self, context) if request is None else ""

    monkeypatch.setattr(Template, "render", render)


def client_of(member):
    client = Client()
    if member:
        client.force_login(member)
    return client


def is_kept_by_others(answer):
    """Whether a cache that many use may store the answer, explicitly or by guessing."""
    said = answer.get("Cache-Control", "")
    return not ("private" in said or "no-store" in said)


@pytest.mark.django_db
@pytest.mark.usefixtures("_blank_pages")
def test_no_cache_keeps_what_a_member_was_shown(world):
    client = client_of(world.people["member"])
    shared, careless = set(), []
    for route in ROUTES:
        answer = client.get(world.address(route))
        if not is_kept_by_others(answer):
            continue
        if "public" in answer["Cache-Control"]:
            shared.add(route)
        else:
            careless.append((route, answer.get("Cache-Control")))
        assert not answer.cookies, route
        assert "Cookie" not in answer.get("Vary", ""), route

    assert careless == []
    assert shared <= SHARED


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["visitor", "member", "administrator"])
def test_public_answers_are_the_same_for_everybody(world, role):
    for route in sorted(SHARED & set(ROUTES)):
        address = world.address(route)
        mine = client_of(world.people.get(role)).get(address)
        others = client_of(world.people["other"]).get(address)
        if mine.status_code == 200 and "public" in mine.get("Cache-Control", ""):
            assert mine.content == others.content, route
            assert not mine.cookies, route


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/tr/",
        "/ideas/",
        "/points/",
        "/settings/profile/",
        "/settings/export/",
        "/notifications/",
        "/dashboard/",
        "/rewards/",
        "/search/?q=a",
        "/cms/",
        "/nothing-here/",
    ],
)
def test_pages_of_two_members_never_mix(world, address):
    """A cache that stores whatever it may, asked by two members and a visitor in turn."""
    kept = {}

    def ask(name):
        client = client_of(world.people.get(name))
        answer = client.get(address)
        if is_kept_by_others(answer) and not answer.cookies:
            kept.setdefault(tuple(sorted(answer.get("Vary", "").split(", "))), name)
        return answer

    answers = [ask(name) for name in ("member", "administrator", "visitor")]

    assert [one["Cache-Control"] for one in answers[:2] if "no-store" in one["Cache-Control"]]
    assert {"member", "administrator"} & set(kept.values()) == set()
    assert all("Cookie" in one["Vary"] for one in answers if one.status_code == 200)


@pytest.mark.django_db
def test_answer_that_brings_a_visitor_a_cookie_is_kept_by_nobody(first_pages, client):
    answer = client.get("/accounts/login/")

    assert "csrftoken" in answer.cookies
    assert answer["Cache-Control"] in (
        "private, no-store",
        "max-age=0, no-cache, no-store, must-revalidate, private",
    )
