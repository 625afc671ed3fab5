from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from badges.services.books import balance
from events.models import Occasion, Registration
from events.services.registrations import cancel_registration, mark_attended, register_for_event
from events.services.reminders import remind_registered
from tests.factories.events import make_event, make_event_page
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.staff import staff_with

pytestmark = pytest.mark.usefixtures("event_places")


def points(member):
    return balance(member=member, currency="points")


def seats(occasion):
    return Occasion.objects.get(pk=occasion.pk).seats_taken


def test_registering_takes_one_seat_and_earns_once(member):
    publish_program(rules=[rule("r", "events.registration_made", 5)])
    occasion = make_event(capacity=2)

    first = register_for_event(occasion=occasion, member=member)
    again = register_for_event(occasion=occasion, member=member)

    assert again == first
    assert (seats(occasion), points(member)) == (1, 5)
    assert list(member.activities.values_list("verb", "object")) == [
        ("events.registration_made", f"event:{occasion.key}")
    ]
    assert member.notices.filter(kind="events.registered").count() == 1


def test_full_event_refuses_the_next_member_in_words(member):
    occasion = make_event(capacity=1)
    register_for_event(occasion=occasion, member=MemberFactory())

    with pytest.raises(ValidationError, match="All seats are taken"):
        register_for_event(occasion=occasion, member=member)

    assert (seats(occasion), Registration.objects.count()) == (1, 1)


def test_cancelling_frees_the_seat_and_reverses_the_points_and_can_be_undone(member):
    publish_program(rules=[rule("r", "events.registration_made", 5)])
    occasion = make_event(capacity=1)
    register_for_event(occasion=occasion, member=member)

    assert cancel_registration(occasion=occasion, member=member) is True
    assert cancel_registration(occasion=occasion, member=member) is False
    assert (seats(occasion), points(member)) == (0, 0)
    register_for_event(occasion=occasion, member=member)

    assert (seats(occasion), points(member)) == (1, 5)
    assert Registration.objects.get().cancelled_at is None


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": timezone.now() - timedelta(hours=1)},
        {"registration_closes_at": timezone.now() - timedelta(hours=1)},
    ],
)
def test_registration_is_refused_after_start_or_closing(member, fields):
    occasion = make_event(**fields)

    with pytest.raises(ValidationError, match="closed"):
        register_for_event(occasion=occasion, member=member)

    assert seats(occasion) == 0


def test_registration_is_refused_when_the_page_was_taken_down(member):
    page = make_event_page()
    occasion = Occasion.objects.get(key=page.translation_key)
    page.unpublish()

    with pytest.raises(ValidationError, match="closed"):
        register_for_event(occasion=occasion, member=member)


def test_registration_stays_after_the_start(member):
    start = timezone.now() - timedelta(hours=1)
    occasion = make_event(starts_at=start)
    register_for_event(occasion=occasion, member=member, at=start - timedelta(days=1))

    with pytest.raises(ValidationError, match="has started"):
        cancel_registration(occasion=occasion, member=member)


def test_registration_of_a_closed_account_is_refused(member):
    occasion = make_event()
    member.closed_at = timezone.now()

    with pytest.raises(PermissionDenied):
        register_for_event(occasion=occasion, member=member)


def test_registration_in_the_past_tells_nobody(member):
    start = timezone.now() - timedelta(days=5)
    occasion = make_event(starts_at=start)

    register_for_event(occasion=occasion, member=member, at=start - timedelta(days=1))

    assert member.notices.count() == 0
    assert member.activities.get().occurred_at == start - timedelta(days=1)


def test_attending_is_recorded_once_and_taken_back(member):
    publish_program(rules=[rule("a", "events.attended", 20)])
    staff = staff_with("events.manage_event")
    start = timezone.now() - timedelta(hours=1)
    occasion = make_event(starts_at=start)
    seat = register_for_event(occasion=occasion, member=member, at=start - timedelta(days=1))

    assert mark_attended(registration=seat, staff=staff) is True
    assert mark_attended(registration=seat, staff=staff) is False
    assert points(member) == 20
    assert mark_attended(registration=seat, staff=staff, has_attended=False) is True
    assert mark_attended(registration=seat, staff=staff, has_attended=False) is False

    assert points(member) == 0


def test_attending_is_refused_too_early_without_seat_and_to_others(member):
    staff = staff_with("events.manage_event")
    occasion = make_event()
    seat = register_for_event(occasion=occasion, member=member)

    with pytest.raises(PermissionDenied):
        mark_attended(registration=seat, staff=member)
    with pytest.raises(ValidationError, match="three hours"):
        mark_attended(registration=seat, staff=staff)
    cancel_registration(occasion=occasion, member=member)
    with pytest.raises(ValidationError, match="cancelled"):
        mark_attended(registration=seat, staff=staff, at=occasion.starts_at)


def test_database_refuses_more_seats_than_there_are(commits):
    occasion = make_event(capacity=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.filter(pk=occasion.pk).update(seats_taken=2)


def test_reminder_is_sent_once_to_those_who_still_go(member):
    occasion = make_event(starts_at=timezone.now() + timedelta(hours=20))
    make_event("Later", starts_at=timezone.now() + timedelta(hours=30))
    gone = MemberFactory()
    register_for_event(occasion=occasion, member=member)
    register_for_event(occasion=occasion, member=gone)
    cancel_registration(occasion=occasion, member=gone)

    assert (remind_registered(), remind_registered()) == (1, 0)

    assert member.notices.filter(kind="events.reminder").count() == 1
    assert gone.notices.filter(kind="events.reminder").count() == 0


def test_publishing_again_copies_facts_and_counts_the_calendar_entry_up(member):
    page = make_event_page(capacity=5)
    occasion = Occasion.objects.get()
    register_for_event(occasion=occasion, member=member)
    page.save_revision().publish()
    assert Occasion.objects.get().sequence == 0

    page.capacity = 3
    page.save_revision().publish()

    occasion.refresh_from_db()
    assert (occasion.capacity, occasion.sequence, occasion.seats_taken) == (3, 1, 1)


def test_capacity_is_never_published_below_the_seats_taken(member):
    page = make_event_page(capacity=5)
    occasion = Occasion.objects.get()
    register_for_event(occasion=occasion, member=member)
    register_for_event(occasion=occasion, member=MemberFactory())

    page.capacity = 1
    page.save_revision().publish()

    assert Occasion.objects.get().capacity == 2


def test_two_languages_share_their_seats(member):
    english = make_event_page(capacity=5)
    turkish = make_event_page(
        "Gece",
        language="tr",
        capacity=4,
        translation_key=english.translation_key,
        starts_at=english.starts_at,
    )

    english.refresh_from_db()
    assert Occasion.objects.get().capacity == 4
    assert english.capacity == 4
    turkish.unpublish()
    assert Occasion.objects.get().is_open is True
    english.unpublish()
    assert Occasion.objects.get().is_open is False
