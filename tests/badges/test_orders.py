"""Applications in the background: asked for once, seen in every state, applied once or never."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from badges.models import Application, PastOrder, ProgramVersion, Transfer
from badges.services import orders
from badges.services.books import balance
from badges.services.orders import apply_order, order_application, withdraw_order
from badges.services.past import undo_application
from badges.services.stretches import stretch_of
from badges.services.verification import verify
from badges.views.program import past
from portal.jobs.worker import JobWorker
from tests.badges.test_forecast_pages import did
from tests.badges.test_past_pages import publish_late
from tests.badges.test_program_pages import staff
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.races import race

PAST = "/cms/programme/past/"
State, Fault = PastOrder.State, PastOrder.Fault


@pytest.fixture
def queued(settings, monkeypatch):
    """Jobs wait for a worker, and nothing else is due."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}
    monkeypatch.setattr("portal.jobs.schedules.SCHEDULES", {})


@pytest.fixture
def manager(client, commits, queued, monkeypatch):
    monkeypatch.setattr(past, "MOST", 0)
    client.force_login(staff("manage_program"))
    return client


@pytest.fixture
def days():
    today = timezone.localdate()
    return f"?since={today - timedelta(days=30)}&until={today}"


def ask(key=None, **rules):
    program = ProgramVersion.objects.current()[1]
    version = ProgramVersion.objects.published().get()
    return order_application(
        version=version,
        stretch=stretch_of(program, **rules),
        by=staff("manage_program"),
        note="Fair",
        key=key or uuid4(),
    )


def send(manager, days, **fields):
    page = manager.get(f"{PAST}apply/{days}")
    key = page.context["form"]["key"].value()
    data = {"reason": "Late, but fair", "version": 1, "key": str(key), **fields}
    return data, manager.post(f"{PAST}apply/{days}", data, follow=True)


def states():
    return list(PastOrder.objects.order_by("pk").values_list("state", "fault"))


def test_long_application_waits_runs_and_is_done(manager, member, days):
    did(member, "1")
    publish_late()

    data, answer = send(manager, days)
    again = manager.post(f"{PAST}apply/{days}", data, follow=True)

    waiting = answer.content.decode()
    assert "It is applied in the background; the list says how far." in waiting
    assert "Late, but fair" in waiting
    assert "Waiting" in again.content.decode()
    assert states() == [(State.WAITING, "")]
    assert balance(member=member, currency="points") == 0

    apply_order.call(PastOrder.objects.get().pk)
    apply_order.call(PastOrder.objects.get().pk)

    order = PastOrder.objects.get()
    assert (order.state, order.application) == (State.DONE, Application.objects.get())
    assert order.application.note == "Late, but fair"
    assert order.application.applied_by == order.asked_by
    assert balance(member=member, currency="points") == 40
    html = manager.get(PAST).content.decode()
    assert "Done" in html
    assert "Withdraw" not in html
    assert undo_application(application=order.application, by=None, reason="Too fair")
    assert verify() == []


def test_second_order_waits_for_the_first(manager, member, days):
    did(member, "1")
    publish_late()
    send(manager, days)

    _data, answer = send(manager, days)

    text = "Another application in the background is not finished yet."
    assert text in answer.content.decode()
    assert PastOrder.objects.count() == 1


def test_only_the_chosen_rules_pay(queued, commits, member):
    did(member, "1")
    did(member, "2", verb="import.more")
    publish_late()

    apply_order.call(ask(rules=["more"]).pk)

    assert list(Transfer.objects.values_list("rule_code", flat=True)) == ["more"]


def test_order_that_brings_nothing_says_so(manager, days):
    publish_late()
    did(MemberFactory(), "1")
    apply_order.call(ask().pk)

    assert states() == [(State.FAILED, Fault.NOTHING)]
    assert "There was nothing left to pay or to give." in manager.get(PAST).content.decode()


def test_order_of_a_version_that_is_over_pays_nothing(queued, commits, member):
    did(member, "1")
    publish_late()
    order = ask()
    publish_rule(code="done", verb="import.done", amount=99)

    apply_order.call(order.pk)

    assert states() == [(State.FAILED, Fault.VERSION)]
    assert not Transfer.objects.exists()


def test_withdrawn_order_pays_nothing_and_lets_another_in(manager, member, days):
    did(member, "1")
    publish_late()
    send(manager, days)
    order = PastOrder.objects.get()

    first = manager.post(f"{PAST}orders/{order.pk}/withdraw/", follow=True)
    second = manager.post(f"{PAST}orders/{order.pk}/withdraw/", follow=True)
    apply_order.call(order.pk)

    assert "Withdrawn: nothing is paid." in first.content.decode()
    assert "It was finished before." in second.content.decode()
    assert states() == [(State.FAILED, Fault.WITHDRAWN)]
    assert not Application.objects.exists()
    apply_order.call(ask().pk)
    assert balance(member=member, currency="points") == 40


def test_order_that_is_withdrawn_just_before_it_is_applied_pays_nothing(queued, commits, member):
    did(member, "1")
    publish_late()
    order = ask()
    withdraw_order(order=order)

    with pytest.raises(orders.OrderClosedError):
        orders._apply(order.pk)
    assert not Application.objects.exists()


def test_failure_closes_the_order_with_its_reason_and_pays_nothing(manager, member, monkeypatch):
    did(member, "1")
    publish_late()
    order = ask()

    def fail(*args):
        raise RuntimeError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(orders, "_finish", fail)
        with pytest.raises(RuntimeError):
            apply_order.call(order.pk)

    assert states() == [(State.FAILED, Fault.ERROR)]
    assert (Application.objects.count(), Transfer.objects.count()) == (0, 0)
    assert "Something went wrong; nothing was paid." in manager.get(PAST).content.decode()


def test_job_of_a_worker_that_died_is_taken_up_again(queued, commits, member):
    did(member, "1")
    publish_late()
    order = ask()
    PastOrder.objects.update(state=State.RUNNING, started_at=timezone.now())

    apply_order.call(order.pk)

    assert states() == [(State.DONE, "")]


def test_another_version_published_meanwhile_is_looked_at_first(manager, member, days):
    did(member, "1")
    publish_late()

    _data, answer = send(manager, days, version=7)

    assert "Another version was published meanwhile." in answer.content.decode()
    assert not PastOrder.objects.exists()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_order_is_applied_once_by_many_workers(queued):
    member = MemberFactory()
    did(member, "1")
    publish_late()
    order = ask()

    assert race([lambda: apply_order.call(order.pk)] * 8) == []

    assert (Application.objects.count(), Transfer.objects.count()) == (1, 1)
    assert states() == [(State.DONE, "")]
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_worker_takes_an_order_up(queued):
    member = MemberFactory()
    did(member, "1")
    publish_late()
    ask()

    assert JobWorker().run_once() == 1

    assert states() == [(State.DONE, "")]
    assert balance(member=member, currency="points") == 40


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_many_who_ask_at_once_have_one_open_order(queued):
    did(MemberFactory(), "1")
    publish_late()

    faults = race([ask] * 8)

    assert {type(fault) for fault in faults} == {ValidationError}
    assert (len(faults), PastOrder.objects.count()) == (7, 1)
