"""Limits and budgets that a later version brings hold for all that the code ever paid."""

from datetime import UTC, datetime

import pytest

from badges.models import BudgetUse, LimitUse
from badges.services.books import balance
from badges.services.verification import verify
from portal.activity.services import record, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def earn(member, key):
    return record(member=member, verb="import.done", occurred_at=NOON, key=key)


def points(member):
    return balance(member=member, currency="points")


@pytest.mark.parametrize("per", ["day", "week", "month", "ever"])
def test_new_limit_counts_what_the_rule_paid_before(member, per):
    publish_rule(verb="import.done", amount=40)
    earn(member, "before")
    publish_rule(verb="import.done", amount=40, limit=[{"amount": 60, "per": per}])

    earn(member, "after")

    assert points(member) == 60
    assert verify() == []


def test_new_budget_counts_what_the_rule_paid_before(member):
    publish_rule(verb="import.done", amount=40)
    earn(MemberFactory(), "before")
    publish_rule(verb="import.done", amount=40, budget=60)

    earn(member, "after")

    assert points(member) == 20
    assert BudgetUse.objects.get().used == 60
    assert verify() == []


def test_award_from_before_the_limit_can_be_reversed_after_it(member):
    publish_rule(verb="import.done", amount=40)
    before = earn(member, "before")
    publish_rule(verb="import.done", amount=40, budget=200, limit=[{"amount": 200, "per": "day"}])
    after = earn(member, "after")

    reverse(after)
    reverse(before)

    assert points(member) == 0
    assert (LimitUse.objects.get().amount, BudgetUse.objects.get().used) == (0, 0)
    assert verify() == []


def test_limit_that_comes_back_counts_what_was_paid_without_it(member):
    limited = {"verb": "import.done", "amount": 40, "limit": [{"times": 2, "per": "week"}]}
    publish_rule(**limited)
    earn(member, "first")
    publish_program(rules=[])
    assert not LimitUse.objects.exists()
    publish_rule(verb="import.done", amount=40)
    earn(member, "second")
    publish_rule(**limited)

    earn(member, "third")

    assert points(member) == 80
    assert verify() == []


def test_another_time_zone_moves_the_days_of_limits(member):
    publish_rule(verb="import.done", amount=40, limit=[{"times": 1, "per": "day"}])
    evening = NOON.replace(hour=22)
    record(member=member, verb="import.done", occurred_at=evening, key="evening")

    limit = {"code": "rule", "verb": "import.done", "limit": [{"times": 1, "per": "day"}]}
    award = {"currency": "points", "amount": 40}
    publish_program(rules=[{**limit, "award": award}], timezone="Europe/Istanbul")

    assert LimitUse.objects.get().period == "2026-03-03"
    assert verify() == []
