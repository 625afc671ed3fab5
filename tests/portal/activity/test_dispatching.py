import pytest
from django.db import transaction

from portal.activity import registry
from portal.activity.services import dispatch_pending, dispatching_put_off, record


@pytest.fixture
def runs():
    """The objects of the activities of each run that consumers got."""
    seen = []

    def look(activities, bundle, asked):
        seen.append([activity.object for activity in activities])

    registry.register_consumer(registry.Consumer("looking", 99, look))
    yield seen
    registry._consumers.pop("looking")


def note(member, name):
    return record(member=member, verb="import.noted", object=f"note:{name}")


def test_facts_of_one_transaction_are_judged_together(member, runs):
    with transaction.atomic():
        note(member, "a")
        note(member, "b")

    assert runs == [["note:a", "note:b"]]
    assert [one.sequence for one in member.activities.order_by("pk")] == [1, 2]


def test_facts_of_two_transactions_are_judged_one_after_the_other(member, runs):
    note(member, "a")
    note(member, "b")

    assert runs == [["note:a"], ["note:b"]]


def test_fact_that_is_rolled_back_takes_none_with_it(member, runs):
    with transaction.atomic():
        note(member, "a")
        with transaction.atomic():
            note(member, "b")
            transaction.set_rollback(True)
        note(member, "c")

    assert runs == [["note:a", "note:c"]]


def test_facts_before_and_in_a_part_that_is_kept_are_judged_once(member, runs):
    with transaction.atomic():
        note(member, "a")
        with transaction.atomic():
            note(member, "b")
        note(member, "c")

    assert sorted(name for run in runs for name in run) == ["note:a", "note:b", "note:c"]


def test_what_is_put_off_waits_to_be_sent(member, runs):
    with dispatching_put_off():
        note(member, "a")
        note(member, "b")
    assert runs == []

    assert dispatch_pending() == 2

    assert runs == [["note:a", "note:b"]]
    assert dispatch_pending() == 0


def test_more_than_are_judged_at_once_are_judged_in_parts(member, runs, monkeypatch):
    monkeypatch.setattr("portal.activity.services.dispatching.CHUNK", 2)

    with transaction.atomic():
        for name in "abc":
            note(member, name)

    assert runs == [["note:a", "note:b"], ["note:c"]]
