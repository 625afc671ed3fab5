"""Many at a budget at once: of each threshold staff are told once, whoever gets there first."""

import time
from collections import Counter

import pytest

from badges.models import BudgetUse, BudgetWarning
from badges.services.budgeting import BUDGET_NOTICE, THRESHOLDS, passed, warn, warn_of_all
from badges.services.costs import Budget
from portal.activity.services import record
from portal.notifications.services import Message, notify_all
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.factories.staff import staff_with
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CROWD = 64
PAUSE = 0.05
BUDGET = 10 * CROWD


def told(boss):
    """How often somebody was told of each threshold."""
    notices = boss.notices.filter(kind=BUDGET_NOTICE)
    return Counter(payload["threshold"] for payload in notices.values_list("payload", flat=True))


def fact_of(member, number):
    return lambda: record(member=member, verb="import.done", key=f"fact-{number}")


def test_crowd_of_awards_tells_of_each_threshold_once():
    boss = staff_with("badges.manage_program")
    publish_rule(verb="import.done", amount=10, budget=BUDGET)
    members = [MemberFactory() for _n in range(CROWD)]

    assert race([fact_of(member, n) for n, member in enumerate(members)]) == []
    warn_of_all()

    assert BudgetUse.objects.get().used == BUDGET
    assert sorted(BudgetWarning.objects.values_list("threshold", flat=True)) == list(THRESHOLDS)
    # Where an award passes several at once, only the highest of them is told.
    assert told(boss)[100] == 1
    assert set(told(boss).values()) == {1}


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_crowd_that_sees_one_threshold_passed_tells_of_it_once(threshold):
    boss = staff_with("badges.manage_program")
    line = Budget("rule", "points", BUDGET * threshold // 100, BUDGET)

    assert race([lambda: warn([line])] * CROWD) == []

    assert told(boss) == {threshold: 1}
    assert BudgetWarning.objects.count() == len(passed(line.used, line.total))


@needs_postgresql
@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_without_constraint_and_with_a_look_first_a_threshold_is_told_often(threshold):
    boss = staff_with("badges.manage_program")
    names = {"rule_code": "rule", "currency": "points", "budget": BUDGET, "threshold": threshold}

    def look_and_tell():
        if BudgetWarning.objects.filter(**names).exists():
            return
        time.sleep(PAUSE)
        BudgetWarning.objects.create(**names)
        notify_all([Message(boss, BUDGET_NOTICE, None, names)])

    with without_constraint(BudgetWarning, "badges_budget_is_warned_of_once"):
        faults = race([look_and_tell] * CROWD)
        often = told(boss)[threshold]

    assert faults == []
    assert often > 1
