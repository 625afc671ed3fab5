from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from community.services.ideas import post_idea
from portal.accounts.models import Member
from portal.accounts.services.members import create_member
from portal.activity.services import record
from portal.notifications import deliveries, mails, services, tasks
from portal.notifications.models import Delivery, Preference
from portal.notifications.services import notify
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule

State = Delivery.State
BROKEN = "tests.portal.notifications.test_deliveries.BrokenBackend"


class BrokenBackend:
    """A post office that is closed."""

    def __init__(self, *args, **kwargs):
        pass

    def send_messages(self, messages):
        raise ConnectionRefusedError("nobody answers")


def test_mailed_notice_is_delivered_once(member, register, mailoutbox):
    register("sample.mailed", email="notice")

    notify(recipient=member, kind="sample.mailed")
    delivery = Delivery.objects.get()
    tasks.deliver.call(delivery.pk)

    assert [message.to for message in mailoutbox] == [[member.email]]
    assert (delivery.state, delivery.attempts, delivery.error) == (State.SENT, 1, "")


def test_notice_without_mail_makes_no_delivery(member, register):
    register("sample.thing")

    notify(recipient=member, kind="sample.thing")

    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    "fields",
    [
        {"email": None},
        {"contact_channel": Member.ContactChannel.PORTAL},
        {"is_active": False},
        {"closed_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ],
)
def test_members_who_cannot_or_will_not_be_written_to_get_no_mail(commits, register, fields):
    register("sample.mailed", email="notice")

    notify(recipient=MemberFactory(verified=False, **fields), kind="sample.mailed")

    assert not Delivery.objects.exists()


def test_required_mail_reaches_those_who_want_everything_on_the_portal(commits, register):
    register("sample.mailed", email="notice", is_optional=False)
    member = MemberFactory(contact_channel=Member.ContactChannel.PORTAL)

    notify(recipient=member, kind="sample.mailed")

    assert Delivery.objects.get().state == State.SENT


def test_imported_past_is_not_mailed(member, register, mailoutbox):
    register("sample.mailed", email="notice")
    at = timezone.now() - timedelta(days=2)
    activity = record(member=member, verb="import.done", occurred_at=at)

    notify(recipient=member, kind="sample.mailed", activity=activity)

    assert mailoutbox == []


def test_mail_no_longer_wanted_when_its_time_comes_is_skipped(member, register, mailoutbox):
    kind = register("sample.mailed", email="notice")
    notice = notify(recipient=member, kind="sample.mailed")
    Delivery.objects.update(state=State.WAITING)
    services.set_preference(
        member=member, category=kind.category, channel=Preference.Channel.EMAIL, is_wanted=False
    )

    tasks.deliver.call(Delivery.objects.get().pk)

    assert Delivery.objects.get().state == State.SKIPPED
    assert mails.compose(notice) is None
    assert len(mailoutbox) == 1


def test_failing_delivery_waits_for_its_tries_and_then_is_shown_as_failed(
    member, register, settings
):
    register("sample.mailed", email="notice")
    notify(recipient=member, kind="sample.mailed")
    Delivery.objects.update(state=State.WAITING, attempts=0)
    delivery = Delivery.objects.get()
    settings.EMAIL_BACKEND = BROKEN

    states = []
    for _try in range(tasks.ATTEMPTS):
        with pytest.raises(ConnectionRefusedError):
            tasks.deliver.call(delivery.pk)
        states.append(Delivery.objects.get().state)

    assert states == [State.WAITING] * (tasks.ATTEMPTS - 1) + [State.FAILED]
    failed = Delivery.objects.failed().get()
    assert failed.error == "ConnectionRefusedError: nobody answers"


def test_failed_delivery_can_be_sent_again_once(member, register, mailoutbox):
    register("sample.mailed", email="notice")
    notify(recipient=member, kind="sample.mailed")
    Delivery.objects.update(state=State.FAILED, attempts=6, error="nobody answers")
    delivery = Delivery.objects.get()

    assert deliveries.send_again(delivery=delivery)
    assert not deliveries.send_again(delivery=delivery)

    assert Delivery.objects.get().state == State.SENT
    assert len(mailoutbox) == 2


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        ("any", "2026-03-02T03:00", "2026-03-02T03:00"),
        ("morning", "2026-03-02T03:00", "2026-03-02T05:00"),
        ("morning", "2026-03-02T06:30", "2026-03-02T06:30"),
        ("afternoon", "2026-03-02T15:30", "2026-03-03T09:00"),
        ("evening", "2026-03-02T21:00", "2026-03-02T15:00+1"),
    ],
)
def test_optional_mail_waits_for_the_members_hours(hours, now, expected):
    member = MemberFactory.build(contact_hours=hours, time_zone="Europe/Istanbul")
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    day, _, later = expected.partition("+")
    due = datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=int(later or 0))

    assert deliveries.reachable_at(member=member, now=moment) == due


def test_badge_is_mailed_and_points_alone_are_not(member, mailoutbox):
    second = {"count": {"verb": "community.idea_posted"}, "at_least": 2}
    publish_program(rules=[rule()], badges=[badge("two", second)])

    post_idea(author=member, title="Bike racks")
    assert mailoutbox == []
    post_idea(author=member, title="Benches")

    [message] = mailoutbox
    assert message.subject == "New badge: two"


def test_new_member_is_welcomed_by_mail_in_their_language(commits, mailoutbox):
    create_member(name="Işıl Ağaoğlu", email="isil@example.com", language="tr")

    [message] = mailoutbox
    assert "/tr/dashboard/" in message.body
    assert message.to == ["isil@example.com"]


def test_unsubscribing_takes_one_click_and_can_be_undone(member, register, mailoutbox):
    register("sample.mailed", email="notice")
    notify(recipient=member, kind="sample.mailed")
    address = mailoutbox[0].extra_headers["List-Unsubscribe"].strip("<>")
    path = address.removeprefix("http://127.0.0.1:8000")
    browser = Client(enforce_csrf_checks=True)

    asked = browser.get(path)
    assert b"Stop these mails" in asked.content
    assert not Preference.objects.exists()

    browser.post(path, {"List-Unsubscribe": "One-Click"})
    notify(recipient=member, kind="sample.mailed")
    assert len(mailoutbox) == 1

    browser.post(path, {"again": "yes"})
    notify(recipient=member, kind="sample.mailed")
    assert len(mailoutbox) == 2


def test_forged_unsubscribe_link_is_not_found(client, db):
    assert client.post("/notifications/unsubscribe/forged:token/").status_code == 404
