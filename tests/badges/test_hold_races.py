import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from badges.models import Account, Hold, Transfer
from badges.services.books import balance
from badges.services.releasing import end_holds
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.activity.models import Activity
from portal.activity.services import record, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.races import needs_postgresql, race

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CLIENTS = 32


def worker(facts):
    publish_rule(verb="import.worked", amount=10, hold={"hours": 1})
    member = MemberFactory()
    for number in range(facts):
        record(member=member, verb="import.worked", key=f"w{number}")
    return member


def test_points_are_released_or_taken_back_never_both():
    member = worker(8)
    later = timezone.now() + timedelta(hours=2)
    facts = list(Activity.objects.order_by("pk"))
    undo = [lambda fact=fact: reverse(fact) for fact in facts[:4]]

    faults = race([*undo, *[lambda: end_holds(now=later)] * (CLIENTS - 4)])

    held = Account.objects.of(member).get(kind="held", currency="points")
    assert faults == []
    assert (balance(member=member, currency="points"), held.balance) == (40, 0)
    assert Hold.objects.open().count() == 0
    assert verify() == list(replay()) == []


@needs_postgresql
def test_with_a_look_first_a_hold_is_released_often():
    worker(1)
    hold, released = Hold.objects.get(), []

    def look_and_release():
        with transaction.atomic():
            if Hold.objects.get(pk=hold.pk).closed_at:
                return
            time.sleep(0.05)
            Hold.objects.filter(pk=hold.pk).update(closed_at=timezone.now())
            released.append(hold.amount)

    assert race([look_and_release] * CLIENTS) == []

    assert len(released) > 1
    assert Transfer.objects.filter(kind="release").count() == 0
