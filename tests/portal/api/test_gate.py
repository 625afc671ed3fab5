import ast
from pathlib import Path

import pytest
from django.test import Client

from portal.api.services.keys import revoke_key
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.portal.api.conftest import Caller

PROBLEM = "application/problem+json"


def told(response):
    """Status, form and title of a problem."""
    body = response.json()
    assert (body["type"], body["status"]) == ("about:blank", response.status_code)
    assert response["Cache-Control"] == "no-store"
    return response.status_code, response["Content-Type"], body["title"]


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer nothing", "Basic YTpi", "Bearer meydan_0_0"]
)
def test_without_a_key_nobody_enters(db, header):
    headers = {} if header is None else {"Authorization": header}

    response = Client().get("/api/v1/members", headers=headers)

    assert told(response) == (401, PROBLEM, "A valid API key is needed")
    assert response["WWW-Authenticate"] == 'Bearer realm="meydan"'


def test_revoked_key_is_refused_from_the_next_call_on(caller):
    assert caller.get("members").status_code == 200

    revoke_key(key=caller.row)

    assert caller.get("members").status_code == 401


@pytest.mark.parametrize(
    "scope, allowed",
    [
        ("members:read", [200, 403, 403]),
        ("activities:read", [403, 404, 403]),
        ("activities:write", [403, 403, 200]),
    ],
)
def test_key_does_what_its_scopes_name(commits, scope, allowed):
    caller = Caller(scope)

    answers = [caller.get("members"), caller.get("activities", {"member": "x"}), caller.send()]

    assert [answer.status_code for answer in answers] == allowed
    refused = next(answer for answer in answers if answer.status_code == 403)
    assert told(refused) == (403, PROBLEM, "The key may not do this")


def test_cookies_open_nothing_and_none_are_set(client, db):
    client.force_login(MemberFactory(is_superuser=True, is_staff=True))

    refused = client.get("/api/v1/members")
    page = client.get("/api/v1/")

    assert refused.status_code == 401
    assert (len(refused.cookies), len(page.cookies)) == (0, 0)
    assert "Log in" in page.content.decode()


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/nothing", "/api/v2/members", "/api/v1/members/a/b"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_what_is_not_there_is_told_as_a_problem(db, path, method):
    assert told(getattr(Client(enforce_csrf_checks=True), method)(path)) == (
        404,
        PROBLEM,
        "There is nothing here",
    )


@pytest.mark.parametrize(
    "path, method, allowed", [("members", "post", "GET"), ("activities", "delete", "GET, POST")]
)
def test_other_methods_are_refused(db, path, method, allowed):
    response = getattr(Client(), method)(f"/api/v1/{path}")

    assert told(response) == (405, PROBLEM, "This method is not possible here")
    assert sorted(response["Allow"].split(", ")) == allowed.split(", ")


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "ı", "a\tb"])
def test_unsafe_call_needs_an_idempotency_key(caller, key):
    response = caller.send(**{"Idempotency-Key": key})

    assert told(response) == (400, PROBLEM, "The request cannot be understood")
    assert "Idempotency-Key" in response.json()["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_body_that_is_not_called_json_is_refused(caller, kind):
    response = caller.post("activities", "{}", content_type=kind)

    assert told(response) == (415, PROBLEM, "The body must be JSON")


def test_body_that_is_too_large_is_refused(caller, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    response = caller.send(activity("a" * 100))

    assert told(response) == (413, PROBLEM, "The body is too large")


def test_key_that_calls_too_often_is_told_to_wait(caller, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("portal.api.gate.CALLS", "2/d")
    other = Caller(name="other")

    answers = [caller.get("members") for _time in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert told(answers[-1]) == (429, PROBLEM, "Too many calls")
    assert 0 < int(answers[-1]["Retry-After"]) <= 86_400
    assert other.get("members").status_code == 200


def test_address_that_guesses_keys_is_told_to_wait(db, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("portal.api.gate.GUESSES", "2/d")
    headers = {"Authorization": "Bearer wrong"}

    answers = [Client().get("/api/v1/members", headers=headers) for _time in range(3)]

    assert [answer.status_code for answer in answers] == [401, 401, 429]


def test_failure_of_ours_tells_no_details(caller, monkeypatch, caplog):
    def fail(members):
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("portal.api.views.members.sheets_of", fail)

    response = caller.get("members")

    assert told(response) == (500, PROBLEM, "Something went wrong on our side")
    assert "secret" not in response.content.decode()
    assert "the secret of the house" in caplog.text


@pytest.mark.parametrize(
    "accepted, title",
    [
        ("tr", "Geçerli bir API anahtarı gerekli"),
        ("de, tr;q=0.5", "Geçerli bir API anahtarı gerekli"),
        ("de", "A valid API key is needed"),
        ("en-GB, tr;q=0.5", "A valid API key is needed"),
        ("", "A valid API key is needed"),
    ],
)
def test_problems_are_told_in_the_accepted_language(db, accepted, title):
    response = Client().get("/api/v1/members", headers={"Accept-Language": accepted})

    assert response.json()["title"] == title
    assert "Accept-Language" in response["Vary"]


def test_methods_are_refused_in_the_accepted_language(db):
    response = Client().put("/api/v1/members", headers={"Accept-Language": "tr"})

    assert response.json()["title"] == "Bu yöntem burada kullanılamaz"


def test_key_that_came_without_tls_is_refused_and_not_redirected(caller, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = production_exemptions()

    response = caller.get("members")

    assert told(response) == (403, PROBLEM, "The key may not do this")
    assert response.json()["detail"].startswith("Call this address by https://")
    assert caller.client.get("/dashboard/").status_code == 301
    assert caller.client.get("/healthz").status_code == 200


def test_key_that_came_by_tls_is_let_in(caller, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = caller.client.get("/api/v1/members", headers=caller.headers(), secure=True)

    assert response.status_code == 200


def production_exemptions():
    """What production's settings leave out of the redirect, read without taking them on."""
    text = (Path(__file__).parents[3] / "portal/settings/production.py").read_text()
    line = next(line for line in text.splitlines() if line.startswith("SECURE_REDIRECT_EXEMPT"))
    return ast.literal_eval(line.partition("=")[2].strip())
