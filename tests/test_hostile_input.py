"""No request is so odd that a page falls over it: every address, every role that matters."""

import errno
import os
import random

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError, OperationalError
from django.http import UnreadablePostError
from django.test import Client

from portal.ui.wellformed import WellFormedMiddleware
from tests.authorization_world import build_world, routes
from tests.hostile import FORM, ODD, PLACE, Asker, errors_noted, hostile_paths

# The drill takes every value in every parameter, as each role; here each address gets one.
IS_WHOLE = os.environ.get("HOSTILE") == "whole"
SEED = int(os.environ.get("HOSTILE_SEED", "11"))
ROLES = ("visitor", "member", "administrator") if IS_WHOLE else ("administrator",)
# Wagtail's own test of its page for errors: it raises one, for administrators only.
MEANT_TO_FAIL = "cms/failwhale/"


@pytest.fixture(scope="module")
def world(rows_of_module):
    return build_world()


def address_of(world, route):
    try:
        return world.address(route)
    except KeyError:
        return "/" + PLACE.sub("1", route)


def asker_as(world, role):
    if role not in world.people:
        return Asker()
    client, member = Client(), world.people[role]
    if role == "administrator":
        # Who may enter everywhere falls over everything.
        member.is_superuser = True
        member.save(update_fields=["is_superuser"])
    client.force_login(member)
    return Asker(client.cookies["sessionid"].value)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_no_address_falls_over_hostile_input(world, role):
    asker, dice = asker_as(world, role), random.Random(SEED)

    with errors_noted(asker):
        for route in [route for route, _is_ours in routes() if route != MEANT_TO_FAIL]:
            address = address_of(world, route)
            paths = list(hostile_paths(route)) if PLACE.search(route) else []
            if IS_WHOLE:
                asker.harass(address, paths)
            else:
                asker.glance(dice.choice([address, dice.choice(paths or [address])]), dice)

    print(f"{asker.asked} hostile requests as {role}, {len(asker.wrong)} wrong")
    assert asker.wrong == []
    assert asker.asked > 300


@pytest.mark.django_db
@pytest.mark.parametrize("label", ODD)
def test_each_odd_request_is_answered_in_words(client, label):
    method, headers, body = ODD[label]
    kind = headers.get("CONTENT_TYPE", FORM)
    sent = {name: value for name, value in headers.items() if name != "CONTENT_TYPE"}

    response = client.generic(method, "/accounts/login/", body, kind, **sent)

    assert response.status_code < 500
    if response.status_code >= 400 and method not in ("DELETE", "PATCH"):
        assert b"<h1>" in response.content


@pytest.mark.django_db
def test_a_broken_cookie_locks_nobody_out(client):
    for label in ODD:
        if "cookie" in label:
            assert client.get("/accounts/login/", **ODD[label][1]).status_code == 200


@pytest.mark.django_db
def test_a_field_that_nobody_named_is_refused_in_the_readers_language(client):
    response = client.post("/tr/accounts/login/", {"log\0in": "ab", "password": "x"})

    assert response.status_code == 400
    assert "saklanabilecek bir metin olmayan" in response.content.decode()


@pytest.mark.django_db
def test_a_nul_that_somebody_typed_is_the_forms_to_refuse_which_shows_the_rest_again(client):
    typed = {"name": "A\0B", "email": "kept@example.com", "password1": "a calm blue square"}
    response = client.post("/accounts/signup/", typed)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == ["name"]
    assert 'value="kept@example.com"' in response.content.decode()


def unfit(error):
    def view(request):
        raise error

    return view


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (DataError("out of range"), 400),
        (IntegrityError("unique"), 409),
        (ValidationError("no uuid"), 400),
        (OSError(errno.ENAMETOOLONG, "long"), 414),
        (UnreadablePostError("gone"), 400),
        (ValueError("A string literal cannot contain NUL (0x00) characters."), 400),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_found_out_late_is_answered_in_words(rf, error, status):
    response = WellFormedMiddleware(unfit(error)).process_exception(rf.get("/"), error)

    assert response.status_code == status
    assert b"<h1>" in response.content


@pytest.mark.parametrize(
    "error", [ValueError("of ours"), AttributeError("x"), OperationalError("gone"), OSError("disk")]
)
def test_a_fault_of_ours_stays_one(rf, error):
    assert WellFormedMiddleware(unfit(error)).process_exception(rf.get("/?a=b"), error) is None
