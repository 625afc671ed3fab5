"""The OpenAPI document, walked: what it says is what the server answers."""

import re

import pytest
from django.test import Client

from portal.api.api import api
from portal.api.scopes import SCOPES
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule
from tests.portal.api.conftest import Caller

DOCUMENT = "/api/v1/openapi.json"
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}


@pytest.fixture
def document(db):
    return Client().get(DOCUMENT).json()


def mismatches(value, schema, document, place="$"):
    """Where a value is not what its schema says; properties that it does not name are as bad."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "anyOf" in schema:
        choices = [mismatches(value, one, document, place) for one in schema["anyOf"]]
        return [] if [] in choices else choices[0]
    if not isinstance(value, TYPES[schema["type"]]):
        return [f"{place} is no {schema['type']}"]
    inner = {list: items_of, dict: properties_of}.get(type(value))
    return inner(value, schema, document, place) if inner else []


def items_of(value, schema, document, place):
    found = []
    for n, one in enumerate(value):
        found += mismatches(one, schema["items"], document, f"{place}[{n}]")
    return found


def properties_of(value, schema, document, place):
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    needed = schema.get("required", ())
    found = [f"{place}.{name} is missing" for name in needed if name not in value]
    for name, item in value.items():
        if name in known or more:
            found += mismatches(item, known.get(name, more), document, f"{place}.{name}")
        else:
            found.append(f"{place}.{name} is not described")
    return found


def api_routes():
    """The routes of operations, each with the framework's view."""
    for bound in api._get_bound_routers():
        for path, view in bound.path_operations.items():
            yield f"api/v1/{path}".replace("{handle}", "<handle>"), view


def check(response, document):
    """The response is one of those that the document has for its operation."""
    path = re.sub(r"/members/[^/]+$", "/members/{handle}", response.request["PATH_INFO"])
    operation = document["paths"][path][response.request["REQUEST_METHOD"].lower()]
    told = operation["responses"][str(response.status_code)]
    media = response["Content-Type"].split(";")[0]
    assert list(told["content"]) == [media]
    assert mismatches(response.json(), told["content"][media]["schema"], document) == []
    return operation["operationId"], response.status_code


def test_document_is_of_its_version_and_open_to_all(document):
    assert document["openapi"] == "3.1.0"
    assert document["info"]["version"] == "1"
    assert set(document["components"]["securitySchemes"]) == {"Bearer"}


def test_every_operation_of_the_server_is_described(document):
    served = {
        (f"/{route}".replace("<handle>", "{handle}"), method.lower())
        for route, view in api_routes()
        for operation in view.operations
        for method in operation.methods
    }
    described = {
        (path, method) for path, methods in document["paths"].items() for method in methods
    }

    assert described == served
    assert len(served) == 4


def test_every_operation_names_a_scope_that_there_is(document):
    for methods in document["paths"].values():
        for operation in methods.values():
            scope = re.search(r"Scope `([a-z:]+)`", operation["description"])
            assert scope[1] in SCOPES
            assert operation["security"] == [{"Bearer": []}]


def test_unsafe_operations_take_an_idempotency_key(document):
    for methods in document["paths"].values():
        for method, operation in methods.items():
            needed = [one["name"] for one in operation["parameters"] if one["in"] == "header"]
            assert needed == (["Idempotency-Key"] if method != "get" else [])


def test_answers_are_as_they_are_described(caller, document, settings, monkeypatch):
    publish_rule(verb="import.answer_voted", amount=10)
    MemberFactory(handle="ayse")
    narrow = Caller("members:read", name="narrow")
    one = activity("a", "ayse")
    answers = [
        caller.send(one, key="first"),
        caller.send(one, key="first"),
        caller.send(activity("b", "nobody")),
        caller.send(one, **{"Idempotency-Key": ""}),
        caller.post("activities", "{}", content_type="text/plain"),
        caller.post("activities", "{"),
        caller.post("activities", "{}"),
        narrow.send(one),
        caller.get("activities", {"member": "ayse"}),
        caller.get("activities", {"member": "nobody"}),
        caller.get("activities"),
        caller.get("members"),
        caller.get("members", {"limit": "x"}),
        caller.get("members/ayse"),
        caller.get("members/nobody"),
        Client().get("/api/v1/members"),
    ]
    settings.RATE_LIMITS = True
    monkeypatch.setattr("portal.api.gate.CALLS", "0/m")
    answers.append(caller.get("members"))

    found = {check(answer, document) for answer in answers}

    assert found == {
        ("send_activities", 200),
        ("send_activities", 400),
        ("send_activities", 403),
        ("send_activities", 415),
        ("send_activities", 422),
        ("list_activities", 200),
        ("list_activities", 404),
        ("list_activities", 422),
        ("list_members", 200),
        ("list_members", 401),
        ("list_members", 422),
        ("list_members", 429),
        ("show_member", 200),
        ("show_member", 404),
    }


def test_example_of_the_document_is_taken(caller, document):
    body = document["components"]["schemas"]["ActivityBatch"]
    example = body["properties"]["activities"]["items"]["examples"][0]
    MemberFactory(handle=example["member"])

    assert caller.send(example).json() == {"recorded": 1, "repeated": 0}


@pytest.mark.parametrize("language, heading", [("en", "Parameters"), ("tr", "Parametreler")])
def test_page_shows_every_operation(document, language, heading):
    response = Client().get("/api/v1/", headers={"Accept-Language": language})
    page = response.content.decode()

    assert response.status_code == 200
    assert heading in page
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in page
            assert operation["summary"] in page
    assert "<script>" not in page
    assert " style=" not in page
