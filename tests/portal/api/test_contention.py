"""Calls that the database ends so that others can go on: tried again, then refused with a time."""

import threading
import time

import pytest
from django.db import OperationalError, connection, transaction

from badges.services.books import balance
from badges.services.verification import verify
from portal.activity.models import Activity, ActivityStream
from portal.activity.services import record
from portal.api import contention
from portal.api.contention import ContentionError, is_contention, tried_again
from portal.api.models import Call
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule
from tests.portal.api.conftest import Caller
from tests.races import alone, needs_postgresql


class DatabaseSays(Exception):
    """What a driver raises, as far as it is looked at."""

    def __init__(self, sqlstate):
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def ended(sqlstate):
    error = OperationalError("the database said so")
    error.__cause__ = DatabaseSays(sqlstate)
    return error


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(contention, "PAUSE", 0)


@pytest.mark.parametrize("sqlstate", ["40P01", "40001"])
def test_work_that_was_ended_is_tried_again(quick, sqlstate):
    outcomes = [ended(sqlstate), ended(sqlstate), "done"]

    def work():
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    assert tried_again(work) == "done"


def test_work_that_is_ended_every_time_is_given_up(quick):
    tries = []

    def work():
        tries.append(1)
        raise ended("40P01")

    with pytest.raises(ContentionError):
        tried_again(work)
    assert len(tries) == contention.TRIES


def test_other_failures_are_not_tried_again(quick):
    tries = []

    def work():
        tries.append(1)
        raise ended("53100")

    with pytest.raises(OperationalError):
        tried_again(work)
    assert len(tries) == 1
    assert not is_contention(OperationalError("database is locked"))


def test_caller_is_told_when_to_come_back_and_may_use_the_same_key(caller, quick, monkeypatch):
    publish_rule(verb="import.answer_voted", amount=10)
    MemberFactory(handle="ayse")

    def fail(**values):
        record(member=MemberFactory(), verb="import.half_done")
        raise ended("40001")

    with monkeypatch.context() as patch:
        patch.setattr("portal.api.views.activities.take_in", fail)
        first = caller.send(activity("a", "ayse"), key="call")
    second = caller.send(activity("a", "ayse"), key="call")

    assert (first.status_code, first["Content-Type"]) == (503, "application/problem+json")
    assert first["Retry-After"] == "2"
    assert first.json()["title"] == "Too much is going on at once"
    assert second.json() == {"recorded": 1, "repeated": 0}
    assert Activity.objects.count() == 1


class Blocker(threading.Thread):
    """Somebody who takes two members' locks the other way round, so that one of two must give way.

    It waits for the call to wait for it: so the call has waited longest, and is the one that the
    database ends.
    """

    def __init__(self, first, second):
        super().__init__()
        self.first, self.second = first, second
        self.has_first, self.fault = threading.Event(), None

    def run(self):
        try:
            with transaction.atomic():
                self._lock(self.first)
                self.has_first.set()
                self._wait_until_somebody_waits()
                self._lock(self.second)
        except Exception as fault:
            self.fault = fault
        finally:
            connection.close()

    def _lock(self, member):
        ActivityStream.objects.select_for_update().get(pk=member.pk)

    def _wait_until_somebody_waits(self):
        for _n in range(500):
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
                    " AND wait_event_type = 'Lock'"
                )
                if cursor.fetchone():
                    return
            time.sleep(0.01)
        raise AssertionError("nobody waits")


@needs_postgresql
@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_real_deadlock_costs_the_caller_nothing(caplog):
    publish_rule(verb="import.answer_voted", amount=10)
    members = [MemberFactory(handle=handle) for handle in ("ayse", "bora")]
    for member in members:
        record(member=member, verb="import.seen")
    caller = Caller()
    blocker = Blocker(first=members[1], second=members[0])

    with alone():
        blocker.start()
        blocker.has_first.wait(timeout=10)
        answer = caller.send(activity("a", "ayse"), activity("b", "bora"), key="call")
        blocker.join(timeout=30)

    assert blocker.fault is None
    assert (answer.status_code, answer.json()) == (200, {"recorded": 2, "repeated": 0})
    assert "call_ended_by_database" in caplog.text
    assert [balance(member=one, currency="points") for one in members] == [10, 10]
    assert Call.objects.count() == 1
    assert verify() == []
