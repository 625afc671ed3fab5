import time
import uuid
from collections import Counter
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from badges.models import Transfer
from badges.services.books import balance
from badges.services.verification import verify
from portal.activity.models import Activity
from portal.activity.services import ActivityConflictError
from portal.api.models import Application, Call
from portal.api.once import JSON
from portal.api.services import activities as service
from portal.api.services.calls import (
    Answer,
    InFlightError,
    OtherBodyError,
    claim_call,
    keep_answer,
    let_go,
)
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule
from tests.portal.api.conftest import Caller
from tests.races import needs_postgresql, race, without_constraint

CLIENTS = 64
DONE = Answer(200, JSON, '{"done": true}')


@pytest.fixture
def member(commits):
    publish_rule(verb="import.answer_voted", amount=10)
    return MemberFactory(handle="ayse")


@pytest.fixture
def shop(db):
    return Application.objects.create(name="shop")


def claim(application, *, key="call", fingerprint="f"):
    return claim_call(application=application, key=key, fingerprint=fingerprint)


def test_same_key_and_body_get_the_same_answer(caller, member):
    first = caller.send(activity("a", "ayse"), key="call")
    second = caller.send(activity("a", "ayse"), key="call")

    assert first.json() == second.json() == {"recorded": 1, "repeated": 0}
    assert first.content == second.content
    assert (first.get("Idempotent-Replayed"), second["Idempotent-Replayed"]) == (None, "true")
    assert balance(member=member, currency="points") == 10


def test_refusal_is_an_answer_as_well(caller, commits):
    first = caller.send(activity("a", "ayse"), key="call")
    MemberFactory(handle="ayse")
    second = caller.send(activity("a", "ayse"), key="call")

    assert (first.status_code, second.status_code) == (422, 422)
    assert first.content == second.content
    assert second["Content-Type"] == "application/problem+json"
    assert caller.send(activity("a", "ayse"), key="call 2").status_code == 200


def test_same_key_with_another_body_is_refused(caller, member):
    caller.send(activity("a", "ayse"), key="call")

    other = caller.send(activity("b", "ayse"), key="call")

    assert other.status_code == 422
    assert "Idempotency-Key" in other.json()["detail"]
    assert Activity.objects.count() == 1


def test_keys_of_another_application_are_its_own(caller, member):
    caller.send(activity("a", "ayse"), key="call")

    assert Caller(name="other").send(activity("b", "ayse"), key="call").json() == {
        "recorded": 1,
        "repeated": 0,
    }


def test_new_key_of_an_application_knows_its_calls(caller, member):
    caller.send(activity("a", "ayse"), key="call")

    again = Caller(name="shop").send(activity("a", "ayse"), key="call")

    assert again["Idempotent-Replayed"] == "true"


def test_call_in_flight_is_refused_for_now(caller, member):
    caller.send(activity("a", "ayse"), key="call")
    Call.objects.update(status=None, answered_at=None, body="")

    response = caller.send(activity("a", "ayse"), key="call")

    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert response["Retry-After"] == "5"


def test_failure_leaves_nothing_behind_and_may_be_tried_again(caller, member, monkeypatch):
    def fail(**values):
        service.Intake("shop").take_in([])
        Application.objects.create(name="half done")
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("portal.api.views.activities.take_in", fail)
        first = caller.send(activity("a", "ayse"), key="call")

    assert (first.status_code, Call.objects.count()) == (500, 0)
    assert Application.objects.filter(name="half done").count() == 0
    assert caller.send(activity("a", "ayse"), key="call").json() == {"recorded": 1, "repeated": 0}


def test_answer_is_given_for_ever(shop):
    keep_answer(claim(shop), DONE)
    Call.objects.update(claimed_at=timezone.now() - timedelta(days=4000))

    assert claim(shop) == DONE
    with pytest.raises(OtherBodyError):
        claim(shop, fingerprint="g")


def test_call_whose_process_died_is_taken_over_and_its_ghost_has_no_effect(shop):
    ghost = claim(shop)
    with pytest.raises(InFlightError):
        claim(shop)
    Call.objects.update(claimed_at=timezone.now() - timedelta(minutes=2))

    heir = claim(shop)

    with pytest.raises(InFlightError):
        work(ghost)
    let_go(ghost)
    keep_answer(heir, DONE)
    assert claim(shop) == DONE
    assert Application.objects.count() == 1


def test_others_at_the_same_activities_are_waited_for_a_few_times(caller, member, monkeypatch):
    tries = []

    def conflict(self, lines):
        tries.append(1)
        raise ActivityConflictError("shop is being brought in twice at once")

    with monkeypatch.context() as patch:
        patch.setattr(service.Intake, "take_in", conflict)
        response = caller.send(activity("a", "ayse"), key="call")

    assert (response.status_code, len(tries)) == (409, service.TRIES)
    assert caller.send(activity("a", "ayse"), key="call").status_code == 200


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_key_from_many_clients_has_one_effect():
    publish_rule(verb="import.answer_voted", amount=10)
    member, answers = MemberFactory(handle="ayse"), []

    def send():
        answers.append(one.send(activity("a", "ayse"), key="call"))

    one = Caller()
    clients = CLIENTS if connection.vendor == "postgresql" else 8
    faults = race([send] * clients)

    statuses = Counter(answer.status_code for answer in answers)
    done = [answer for answer in answers if answer.status_code == 200]
    assert faults == []
    assert statuses[200] + statuses[409] == clients
    assert {answer.content for answer in done} == {b'{"recorded":1,"repeated":0}'}
    assert [answer.get("Idempotent-Replayed") for answer in done].count(None) == 1
    assert (Call.objects.count(), Transfer.objects.count()) == (1, 1)
    assert balance(member=member, currency="points") == 10
    assert verify() == []


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_same_activities_under_many_keys_are_recorded_once():
    publish_rule(verb="import.answer_voted", amount=10)
    member, answers = MemberFactory(handle="ayse"), []
    one = Caller()
    lines = [activity(f"a{n}", "ayse") for n in range(5)]

    clients = 16 if connection.vendor == "postgresql" else 4
    faults = race([lambda: answers.append(one.send(*lines))] * clients)

    done = [answer.json() for answer in answers if answer.status_code == 200]
    assert faults == []
    assert {answer.status_code for answer in answers} <= {200, 409}
    assert sum(answer["recorded"] for answer in done) == 5
    assert balance(member=member, currency="points") == 50
    assert verify() == []


@transaction.atomic
def work(call):
    """An effect that nothing but its call's key holds to once."""
    Application.objects.create(name=str(uuid.uuid4()))
    keep_answer(call, DONE)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_claims_let_one_of_many_do_the_work(shop):
    def run():
        with suppress(InFlightError):
            call = claim(shop)
            if isinstance(call, Call):
                work(call)

    faults = race([run] * CLIENTS)

    assert faults == []
    assert Application.objects.count() == 2


@needs_postgresql
@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_without_constraint_and_with_a_look_first_one_key_works_often(shop):
    def look_and_work():
        with transaction.atomic():
            if Call.objects.filter(application=shop, key="call").exists():
                return
            time.sleep(0.05)
            claimed = Call.objects.create(
                application=shop, key="call", fingerprint="f", claim=uuid.uuid4()
            )
            work(claimed)

    with without_constraint(Call, "api_call_is_made_once"):
        faults = race([look_and_work] * CLIENTS)
        effects = Application.objects.count() - 1

    assert faults == []
    assert effects > 1
