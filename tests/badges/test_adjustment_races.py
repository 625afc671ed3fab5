import time
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from badges.models import Adjustment, AdjustmentUse, Transfer
from badges.services.adjusting import adjust, approve_adjustment, decline_adjustment
from badges.services.books import balance
from badges.services.replaying import replay
from badges.services.verification import verify
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program
from tests.factories.rewards import bought, make_reward, rich_member
from tests.factories.staff import staff_with
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CLIENTS = 64


def desk():
    return staff_with("badges.adjust_points")


def move(member, amount, by, key=None):
    return adjust(
        member=member,
        currency="points",
        amount=amount,
        reason="correction",
        notes={"en": "A slip of ours."},
        by=by,
        key=key or uuid4(),
    )


def points(member):
    return balance(member=member, currency="points")


def test_many_who_agree_at_once_move_the_points_once(settings):
    settings.ADJUSTMENT_ALONE = 0
    publish_program()
    member, seconds = MemberFactory(), [desk() for _ in range(8)]
    asked = move(member, 40, desk())

    def agree(by):
        approve_adjustment(adjustment=Adjustment.objects.get(pk=asked.pk), by=by)

    def decline(by):
        row = Adjustment.objects.get(pk=asked.pk)
        decline_adjustment(adjustment=row, by=by, answer="No.")

    runs = [lambda n=n: (agree, agree, decline)[n % 3](seconds[n % 8]) for n in range(CLIENTS)]
    assert race(runs) == []

    asked.refresh_from_db()
    assert points(member) == (40 if asked.is_approved else 0)
    assert Transfer.objects.count() == (1 if asked.is_approved else 0)
    assert verify() == list(replay()) == []


@needs_postgresql
def test_with_a_look_first_many_move_the_points(settings):
    settings.ADJUSTMENT_ALONE = 0
    publish_program()
    asked = move(MemberFactory(), 40, desk())
    moved = []

    def look_and_move():
        with transaction.atomic():
            if not Adjustment.objects.waiting().filter(pk=asked.pk).exists():
                return
            time.sleep(0.05)
            moved.append(40)

    assert race([look_and_move] * CLIENTS) == []

    assert len(moved) > 1


def test_one_form_sent_many_times_moves_once():
    publish_program()
    member, staff, key = MemberFactory(), desk(), uuid4()

    assert race([lambda: move(member, 10, staff, key)] * CLIENTS) == []

    assert (points(member), Adjustment.objects.count()) == (10, 1)
    assert AdjustmentUse.objects.get().amount == 10
    assert verify() == list(replay()) == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_one_form_moves_often():
    publish_program()
    member, staff, key = MemberFactory(), desk(), uuid4()

    def look_and_ask():
        with transaction.atomic():
            if Adjustment.objects.filter(key=key).exists():
                return
            time.sleep(0.05)
            Adjustment.objects.create(
                member=member,
                currency="points",
                amount=10,
                reason="goodwill",
                key=key,
                needs_second=True,
                asked_by=staff,
                asked_at=timezone.now(),
            )

    with without_constraint(Adjustment, "badges_form_adjusts_once"):
        faults = race([look_and_ask] * CLIENTS)
        asked_often = Adjustment.objects.count()

    assert faults == []
    assert asked_often > 1


def test_the_daily_cap_holds_however_many_are_sent_at_once(settings):
    settings.ADJUSTMENT_PER_DAY = {"brand_manager": 95, "administrator": 95}
    publish_program()
    members, staff = [MemberFactory() for _ in range(CLIENTS)], desk()

    faults = race([lambda m=member: move(m, 10, staff) for member in members])

    assert [fault for fault in faults if not isinstance(fault, ValidationError)] == []
    assert (Transfer.objects.count(), AdjustmentUse.objects.get().amount) == (9, 90)
    assert verify() == list(replay()) == []


@needs_postgresql
def test_with_a_look_first_the_daily_cap_is_passed():
    use = AdjustmentUse.objects.create(staff=desk(), day=timezone.now().date(), currency="points")
    asked = []

    def look_and_count():
        with transaction.atomic():
            if AdjustmentUse.objects.get(pk=use.pk).amount > 85:
                return
            time.sleep(0.05)
            AdjustmentUse.objects.filter(pk=use.pk).update(amount=use.amount + 10)
            asked.append(10)

    assert race([look_and_count] * CLIENTS) == []

    assert sum(asked) > 95


def test_taking_and_redeeming_share_what_is_there():
    member, reward, staff = rich_member(100), make_reward(price=30), desk()

    faults = race([lambda: move(member, -30, staff), lambda: bought(reward, member)] * 16)

    assert [fault for fault in faults if not isinstance(fault, ValidationError)] == []
    assert points(member) in (0, 10)
    assert verify() == list(replay()) == []
