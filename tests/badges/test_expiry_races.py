import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from badges.models import Account, ExpiryWarning, ProgramVersion, Redemption, Transfer
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import balance
from badges.services.expiring import expire, expire_all
from badges.services.lots import clocks
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.activity.services import record
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.rewards import bought, make_reward
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CLIENTS = 64


def holder(amount):
    """A member whose points come of age tomorrow, after a warning the same day."""
    points = {**EMPTY_PROGRAM["currencies"]["points"], "expires": {"after": 1, "warn": 1}}
    award = {"currency": "points", "per_value": 1}
    publish_program(
        currencies={**EMPTY_PROGRAM["currencies"], "points": points},
        rules=[rule(verb="import.earned", award=award)],
    )
    member = MemberFactory()
    record(member=member, verb="import.earned", value=amount)
    return member


def clock_of(days):
    _version, program = ProgramVersion.objects.current()
    (clock,) = clocks(program, timezone.now() + timedelta(days=days))
    return clock


def test_points_are_spent_or_expire_never_both():
    member, reward = holder(500), make_reward(price=30)
    expire_all()
    clock = clock_of(2)

    def let_go():
        expire(owner_id=member.pk, clock=clock)

    faults = race([let_go, lambda: bought(reward, member)] * (CLIENTS // 2))

    assert [fault for fault in faults if not isinstance(fault, ValidationError)] == []
    gone = -Transfer.objects.get(kind="expiry").amount
    assert gone == 500 - 30 * Redemption.objects.count()
    assert balance(member=member, currency="points") == 0
    assert verify() == list(replay()) == []


@needs_postgresql
def test_without_the_lock_and_with_a_look_first_points_are_spent_and_expire():
    member = holder(100)
    wallet = Account.objects.of(member).get(currency="points", kind="wallet")
    moved = []

    def look_and_take():
        with transaction.atomic():
            held = Account.objects.get(pk=wallet.pk).balance
            time.sleep(0.05)
            if held:
                Account.objects.filter(pk=wallet.pk).update(balance=0)
                moved.append(held)

    assert race([look_and_take] * CLIENTS) == []

    assert sum(moved) > 100


def test_many_nightly_runs_at_once_warn_and_expire_once():
    member = holder(100)

    assert race([expire_all] * 16) == []
    later = timezone.now() + timedelta(days=2)
    assert race([lambda: expire_all(now=later)] * 16) == []

    assert Notice.objects.filter(kind="badges.expiring").count() == 1
    assert Transfer.objects.filter(kind="expiry").count() == 1
    assert balance(member=member, currency="points") == 0
    assert verify() == list(replay()) == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_many_runs_warn_often():
    member = holder(100)
    today = timezone.now().date()

    def look_and_warn():
        with transaction.atomic():
            if ExpiryWarning.objects.exists():
                return
            time.sleep(0.05)
            ExpiryWarning.objects.create(
                owner_id=member.pk,
                currency="points",
                warned_on=today,
                begun_by=today,
                until=today,
            )

    with without_constraint(ExpiryWarning, "badges_warned_once_a_day"):
        faults = race([look_and_warn] * CLIENTS)
        told = ExpiryWarning.objects.count()

    assert faults == []
    assert told > 1
