"""Thousands of steps in any order: the ledger never parts from the model, and planted faults do.

`LEDGER_STEPS` sets how many steps are taken at least: five thousand with every run of the suite,
always the same ones, and a hundred thousand others in `make drill`. They are taken in lots of a few
runs, each replayable from its seed alone: what fails says how to see it again.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.internal.conjecture import providers
from hypothesis.stateful import run_state_machine_as_test

from badges.models import (
    Account,
    BadgeAward,
    BudgetUse,
    Claim,
    Entry,
    LimitUse,
    PeriodTotal,
    Redemption,
    Reward,
    Transfer,
)
from portal.activity import triggers
from tests.badges.ledger_machine import MONDAY, VERIFIED_EVERY, Ledger
from tests.badges.ledger_model import DONE, POINTS, VISITED

STEPS = int(os.environ.get("LEDGER_STEPS", 5_000))
FIRST_SEED = int(os.environ.get("LEDGER_SEED", 1))
# Runs of a lot, and how often a rule is chosen in a run.
LOT, RUN = 10, 50
# Making a counter-example small takes minutes, so it is asked for.
SHRINKS = os.environ.get("LEDGER_SHRINK") == "yes"


@pytest.fixture(autouse=True)
def settings_with_holding(settings):
    settings.HOLD_UNVERIFIED_POINTS = True


@pytest.fixture(autouse=True)
def nothing_but_the_seed(monkeypatch):
    """Hypothesis picks numbers out of the modules that happen to be loaded; here it does not."""
    nothing = providers.Constants()
    monkeypatch.setattr(providers, "_get_local_constants", lambda: nothing)


@pytest.mark.django_db
def test_no_sequence_of_steps_parts_the_ledger_from_the_model():
    number, taken, compared = FIRST_SEED, Ledger.taken, Ledger.compared
    while Ledger.taken - taken < STEPS:
        take_lot(number)
        number += 1
    done = Ledger.taken - taken, Ledger.compared - compared
    print(f"\nledger machine: {done[0]} steps, {done[1]} comparisons, {number - FIRST_SEED} seeds")


def take_lot(number):
    try:
        run_state_machine_as_test(
            seed(number)(Ledger),
            settings=settings(
                max_examples=LOT,
                stateful_step_count=RUN,
                deadline=None,
                database=None,
                phases=[Phase.generate, *([Phase.shrink] if SHRINKS else [])],
                suppress_health_check=list(HealthCheck),
            ),
        )
    except BaseException as error:
        error.add_note(f"Again: LEDGER_SEED={number} LEDGER_STEPS=1")
        raise


def played():
    """A ledger in which everything that can be tampered with is there."""
    machine = Ledger()
    first = {"who": 0, "verb": DONE, "object": "a:1", "value": 3, "at": MONDAY}
    machine.open(first, {**first, "who": 1, "object": "a:2"})
    for days in range(3):
        machine.record(0, VISITED, "b:1", 1, MONDAY + timedelta(days=days))
    machine.redeem(0, 50)
    return machine


@pytest.mark.django_db
def test_untouched_ledger_stands_every_check():
    machine = played()

    machine.check()
    machine.teardown()


STORED = [
    (Account, {"kind": "wallet", "currency": POINTS, "balance__gt": 0}, {"balance": 1}),
    (Account, {"kind": "wallet", "currency": POINTS, "balance__gt": 0}, {"peak": 99}),
    (Account, {"kind": "held", "balance__gt": 0}, {"balance": 0}),
    (Entry, {"account__kind": "wallet"}, {"amount": 1}),
    (Entry, {"account__kind": "redeemed"}, {"amount": 1}),
    (Transfer, {"kind": "award"}, {"amount": 99}),
    (Transfer, {"kind": "award"}, {"rule_code": "other"}),
    (BadgeAward, {}, {"badge_code": "other"}),
    (LimitUse, {}, {"amount": 1}),
    (LimitUse, {}, {"times": 9}),
    (BudgetUse, {}, {"used": 1}),
    (Claim, {}, {"rule_code": "other"}),
    (PeriodTotal, {}, {"total": 99}),
    (Redemption, {}, {"price": 99}),
    (Reward, {}, {"taken": 9}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "filters", "change"), STORED)
def test_whatever_is_changed_in_a_run_is_found_in_it(model, filters, change):
    machine = played()
    triggers.drop_triggers()
    row = model.objects.filter(**filters).order_by("pk").first()
    assert model.objects.filter(pk=row.pk).update(**change) == 1
    triggers.install_triggers()

    with pytest.raises(AssertionError):
        finish(machine)


LOST = [Entry, BadgeAward, LimitUse, BudgetUse, Claim, PeriodTotal]


@pytest.mark.django_db
@pytest.mark.parametrize("model", LOST)
def test_whatever_is_lost_in_a_run_is_found_in_it(model):
    machine = played()
    triggers.drop_triggers()
    model.objects.filter(pk=model.objects.order_by("pk").first().pk).delete()
    triggers.install_triggers()

    with pytest.raises(AssertionError):
        finish(machine)


@pytest.mark.django_db
def test_a_fault_is_found_before_the_run_ends(monkeypatch):
    machine = played()
    LimitUse.objects.update(times=9)

    with pytest.raises(AssertionError):
        machine.check(steps=VERIFIED_EVERY)
    machine.outside.__exit__(None, None, None)


def finish(machine):
    """One more step, and the end of the run."""
    try:
        machine.record(0, DONE, "a:1", 1, MONDAY)
    finally:
        machine.teardown()
