"""Every address, asked by every role: who is let in, who is not."""

import importlib
import pkgutil
import re

import pytest
from django import forms
from django.core.cache import cache
from django.db import transaction
from django.template.backends.django import Template
from django.test import Client
from wagtail.models import Page, PageViewRestriction

from community.models import Comment, Idea
from community.services.moderation import hide_thing
from portal.accounts.models import Member
from portal.accounts.services.members import set_role
from tests.authorization_table import BEHIND_THE_CMS, ROUTES
from tests.authorization_world import EVERYBODY, LIKE, OUTSIDE, ROLES, build_world, routes

# What a key with the scopes to read, and those alone, opens.
WITH_A_KEY = {
    ("get", "api/v1/activities"): "ok",
    ("post", "api/v1/activities"): "forbidden",
    ("get", "api/v1/members"): "ok",
    ("get", "api/v1/members/<handle>"): "ok",
}
ANSWERS = {401: "key", 403: "forbidden", 404: "missing", 405: "method"}
CMS = "cms/"


def expected(row: str, role: str) -> str:
    """One word is for everybody; two are for visitors and the others; else one for each role."""
    words = row.split()
    place = ROLES.index(LIKE.get(role, role))
    return words[min(place, len(words) - 1)]


def visit(world, role: str, sessions: dict, method: str, address: str) -> str:
    """Ask for an address and take back whatever that did; how the answer is called."""
    client = Client()
    if role in sessions:
        client.cookies["sessionid"] = sessions[role]
    elif role in world.keys:
        client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {world.keys[role]}"
    cache.clear()
    with transaction.atomic():
        response = getattr(client, method)(address)
        transaction.set_rollback(True)
    if response.status_code in (301, 302):
        return _direction(response["Location"], LIKE.get(role, role))
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


def some_address(route: str) -> str:
    """An address of a route, with something in each variable part, regular expressions too."""
    route = re.sub(r"\(\?P<\w+>([^()]+)\)", lambda part: part[1].split("|")[0], route)
    for regular, plain in (
        ("^.*/$", "elsewhere/"),
        ("\\d+", "1"),
        ("\\", ""),
        ("^", ""),
        ("$", ""),
    ):
        route = route.replace(regular, plain)
    route = re.sub(r"<(?:int|path):\w+>", "1", route)
    return "/" + re.sub(r"<(?:\w+:)?\w+>", "1", route)


def test_every_cell_is_counted():
    ours, wagtails = len(ROUTES), sum(r.startswith(CMS) and not own for r, own in routes())
    put = sum(route.startswith(ABOUT_PAGES + ABOUT_WORDS) for route in ROUTES)

    cells = ours * len(EVERYBODY) + wagtails * len(OUTSIDE) + 2 * put * len(EVERYBODY)
    assert 2 * cells > 7_000
    assert len(EVERYBODY) == 10


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
    # Shut out with a session that was open.
    Member.objects.filter(pk=world.people["banned"].pk).update(is_active=False)
    return cookies


@pytest.mark.django_db
@pytest.mark.parametrize("role", EVERYBODY)
def test_every_address_lets_in_whom_it_should(world, sessions, role):
    wrong = []
    for route, rows in ROUTES.items():
        for method, row in zip(("get", "post"), rows, strict=True):
            answer = visit(world, role, sessions, method, world.address(route))
            wanted = WITH_A_KEY.get((method, route)) if role == "program" else None
            if answer != (wanted or expected(row, role)):
                wrong.append((method, route, answer, "instead of", wanted or expected(row, role)))

    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("role", OUTSIDE)
def test_nothing_of_the_cms_is_open_to_those_outside(world, sessions, role):
    """Every address of Wagtail's own, whatever it is about: they lead to the log-in, or say no."""
    wrong = []
    for route in [route for route, is_ours in routes() if route.startswith(CMS) and not is_ours]:
        row = BEHIND_THE_CMS.get(route, BEHIND_THE_CMS[CMS])
        for method in ("get", "post"):
            answer = visit(world, role, sessions, method, some_address(route))
            if answer not in (expected(row, role), "method"):
                wrong.append((method, route, answer, "instead of", expected(row, role)))

    assert not wrong, "\n".join(map(str, wrong))


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES[3:])
def test_role_that_is_taken_away_is_gone_with_the_next_request(world, sessions, role):
    """The same session, before and after."""
    member = Member.objects.get(pk=world.people[role].pk)
    with transaction.atomic():
        before = visit(world, role, sessions, "get", "/cms/")
        set_role(member=member, role="member")
        after = visit(world, role, sessions, "get", "/cms/")
        transaction.set_rollback(True)

    assert (before, after) == ("ok", "forbidden")


# What nobody says about themselves: the service or the request knows it.
NEVER_ASKED = {
    *("is_staff", "is_superuser", "is_active", "groups", "user_permissions", "role", "closed_at"),
    *("member", "author", "user", "actor", "owner", "by", "staff", "judged_by"),
    *("balance", "points", "state", "is_winner", "vote_count", "score", "seats_taken"),
    *("posted_at", "entered_at", "registered_at", "email_verified", "verified"),
}
FOR_STAFF = (
    "portal.accounts.forms.staff",
    "badges.forms",
    "portal.api.forms",
    "portal.accounts.users",
)


def members_forms():
    """Every form that the product declares, but those of the CMS."""
    for top in ("portal", "community", "events", "badges", "knowledgebase"):
        package = importlib.import_module(top)
        for module in pkgutil.walk_packages(package.__path__, f"{top}."):
            if "forms" in module.name and not module.name.startswith(FOR_STAFF):
                for thing in vars(importlib.import_module(module.name)).values():
                    if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
                        yield thing


def test_no_form_of_members_has_a_field_that_gives_rights_or_value():
    found = {form: set(getattr(form, "base_fields", {})) & NEVER_ASKED for form in members_forms()}

    assert {form.__name__: names for form, names in found.items() if names} == {}
    assert len(found) > 15


@pytest.mark.django_db
def test_forged_fields_of_a_profile_change_nothing(client, world):
    member = world.people["other"]
    client.force_login(member)
    forged = dict.fromkeys(NEVER_ASKED, "1") | {"pk": "1", "id": "1", "handle": member.handle}
    form = {"name": "Other", "language": "en", "time_zone": "Europe/Istanbul"}

    client.post("/settings/profile/", forged | form)
    client.post("/settings/privacy/", forged)

    member.refresh_from_db()
    assert (member.name, member.is_staff, member.is_superuser) == ("Other", False, False)
    assert (member.is_active, member.closed_at, list(member.groups.all())) == (True, None, [])


REFUSED = {"login", "forbidden", "missing", "method"}
ABOUT_PAGES = ("events/<", "challenges/<", "contests/<", "knowledge/<", "surveys/<")
ABOUT_WORDS = ("ideas/<", "comments/<")
# Who still sees a page in each state (Wagtail lets superusers past groups), and hidden words.
STILL_SEEN = {"unpublished": (), "restricted": ("administrator",)}
SEE_HIDDEN_WORDS = ("member", "moderator", "brand_manager", "administrator")


def put_away(world, state: str) -> None:
    """Bring everything that the world's addresses are about into a state."""
    for model in (Idea, Comment):
        for thing in model.objects.filter(hidden_at=None):
            hide_thing(thing=thing, moderator=world.people["administrator"], reason="Spam.")
    if state == "unpublished":
        Page.objects.filter(depth__gt=3).update(live=False)
        return
    for page in Page.objects.filter(depth=3):
        PageViewRestriction.objects.create(page=page, restriction_type="groups")


def sees(role: str, route: str, state: str) -> bool:
    return role in (STILL_SEEN[state] if route.startswith(ABOUT_PAGES) else SEE_HIDDEN_WORDS)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["unpublished", "restricted"])
@pytest.mark.parametrize("role", EVERYBODY)
def test_what_is_put_away_lets_nobody_in_who_may_not_see_it(world, sessions, role, state):
    put_away(world, state)
    wrong = []
    for route in [r for r in ROUTES if r.startswith(ABOUT_PAGES + ABOUT_WORDS)]:
        for method, row in zip(("get", "post"), ROUTES[route], strict=True):
            answer = visit(world, role, sessions, method, world.address(route))
            if answer not in REFUSED and not sees(role, route, state):
                wrong.append((method, route, answer))
            elif answer not in {expected(row, role), *REFUSED}:
                wrong.append((method, route, answer, "instead of", expected(row, role)))

    assert not wrong, "\n".join(map(str, wrong))
