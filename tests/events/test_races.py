"""What must hold under concurrency, with real threads, and what happens without the guard."""

import threading
from datetime import timedelta
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from events.models import Occasion, Registration
from events.services.registrations import register_for_event
from portal.activity.triggers import install_triggers
from tests.factories.members import MemberFactory
from tests.races import race

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MEMBERS, SEATS = 8, 3


def new_occasion(**fields):
    from uuid import uuid4

    start = timezone.now() + timedelta(days=3)
    end = start + timedelta(hours=2)
    fields = {"key": uuid4(), "time_zone": "UTC", "capacity": SEATS, **fields}
    return Occasion.objects.create(starts_at=start, ends_at=end, **fields)


def together(action, arguments):
    """Run `action` once for each argument, all at the same moment; return what they raised."""
    return race([partial(action, argument) for argument in arguments])


def test_seats_are_never_overbooked():
    install_triggers()
    occasion = new_occasion()
    members = [MemberFactory() for _ in range(MEMBERS)]

    failures = together(lambda m: register_for_event(occasion=occasion, member=m), members)

    occasion.refresh_from_db()
    assert [type(error) for error in failures] == [ValidationError] * (MEMBERS - SEATS)
    assert occasion.seats_taken == SEATS
    assert Registration.objects.standing().count() == SEATS


def test_one_member_in_many_tabs_takes_one_seat():
    install_triggers()
    occasion, member = new_occasion(), MemberFactory()

    failures = together(lambda m: register_for_event(occasion=occasion, member=m), [member] * 5)

    occasion.refresh_from_db()
    assert failures == []
    assert occasion.seats_taken == 1
    assert member.activities.filter(verb="events.registration_made").count() == 1


def naive_registration(occasion_pk, pause):
    """Read, then write: what the conditional update replaces."""

    def register(member):
        with transaction.atomic():
            occasion = Occasion.objects.get(pk=occasion_pk)
            pause.wait(timeout=30)
            if occasion.seats_taken < occasion.capacity:
                Registration.objects.create(occasion=occasion, member=member)

    return register


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
def test_without_the_guard_seats_are_overbooked():
    occasion = new_occasion(capacity=1)
    members = [MemberFactory() for _ in range(4)]
    pause = threading.Barrier(4)

    together(naive_registration(occasion.pk, pause), members)

    assert Registration.objects.standing().count() > 1


def test_constraint_holds_even_without_the_guard():
    occasion = new_occasion(capacity=1)

    with pytest.raises(IntegrityError), transaction.atomic():
        Occasion.objects.filter(pk=occasion.pk).update(seats_taken=2)
