"""Whatever a program sends, with any key: no server error, and no answer that is not described.

`API_CASES` and `API_SEED` make it longer, as `make drill` does.
"""

import os
import warnings
from collections import Counter

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    ignored_auth,
    response_schema_conformance,
    status_code_conformance,
)

from badges.services.verification import verify
from portal.accounts.models import ExternalIdentity
from portal.api.scopes import SCOPES
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import badge, publish_program, rule
from tests.portal.api.conftest import Caller

CASES, SEED = int(os.environ.get("API_CASES", 24)), int(os.environ.get("API_SEED", 1))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
KEYS = {
    "no key": None,
    "a wrong key": (),
    **{scope: (scope,) for scope in SCOPES},
    "all scopes": tuple(SCOPES),
}


@pytest.fixture
def api(commits):
    """The server's own description of itself, of a site where there is something to find."""
    publish_program(
        rules=[rule("voted", "import.answer_voted", once_per="object")],
        badges=[badge("first", {"count": {"verb": "import.answer_voted"}, "at_least": 1})],
    )
    member = MemberFactory(handle="ayse")
    ExternalIdentity.objects.create(source="shop", external_id="u12", member=member)
    assert Caller(name="first").send(activity("a"), activity("b")).status_code == 200
    # A request's end would close the connection that holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def headers_with(scopes):
    """What a call brings along: a key of these scopes, and no wish for a packed answer."""
    plain = {"Accept-Encoding": "identity"}
    if scopes is None:
        return plain
    key = Caller(*scopes, name="fuzzed").key if scopes else "mk_wrong"
    return plain | {"Authorization": f"Bearer {key}"}


def operations_of(api):
    return [found.ok() for found in api.get_all_operations()]


def fuzz(operation, headers, mode, cases, told):
    """Send generated calls, each judged by what the document says of its answer."""

    @seed(SEED)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def call(case):
        response = case.call(headers=headers)
        told[operation.method.upper(), response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    call()


@pytest.mark.parametrize("name", KEYS)
def test_no_call_makes_a_server_error_or_an_undocumented_answer(api, name, capsys):
    headers, told = headers_with(KEYS[name]), Counter()
    operations = operations_of(api)
    cases = max(1, CASES // (2 * len(operations)))

    for operation in operations:
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            fuzz(operation, headers, mode, cases, told)

    if "API_CASES" in os.environ:
        with capsys.disabled():
            print(f"with {name}: {sum(told.values())} calls, {dict(told)}")
    assert verify() == []
    refused = {401} if not KEYS[name] else {403} if len(KEYS[name]) == 1 else set()
    assert refused <= {status for _method, status in told}
    if name in ("no key", "a wrong key"):
        assert {status for _method, status in told} == {401}


def test_no_operation_forgets_to_ask_for_a_key(api):
    headers = headers_with(tuple(SCOPES))

    for operation in operations_of(api):
        case = operation.Case(path_parameters={"handle": "ayse"}, query={"member": "ayse"})
        response = case.call(headers=headers)
        case.validate_response(response, checks=[ignored_auth], headers=headers)
