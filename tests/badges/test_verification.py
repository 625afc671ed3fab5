"""Every difference between the ledger and what is kept beside it is found and named."""

from datetime import UTC, datetime, timedelta

import pytest

from badges.models import (
    Account,
    BadgeAward,
    BudgetUse,
    Claim,
    Entry,
    LimitUse,
    PeriodTotal,
    Transfer,
)
from badges.services.verification import verify
from portal.activity import triggers
from portal.activity.services import record, restore, reverse
from tests.factories.programs import badge, publish_program, rule

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def ledger(member):
    limit = [{"amount": 100, "per": "day"}, {"times": 9, "per": "week"}]
    publish_program(
        rules=[
            rule("done", "import.done", once_per="object", limit=limit, budget=500),
            rule("board", "import.done", award={"currency": "experience", "amount": 10}),
        ],
        badges=[badge("first", {"count": {"verb": "import.done"}, "at_least": 1})],
    )
    record(member=member, verb="import.done", object="a:1", occurred_at=NOON)
    assert verify() == []
    return member


@pytest.fixture
def unguarded(ledger):
    """Append-only tables without their triggers, to play somebody who tampers with them."""
    triggers.drop_triggers()
    yield ledger
    triggers.install_triggers()


def found():
    return [problem.invariant for problem in verify()]


@pytest.mark.parametrize(
    ("model", "filters", "change", "invariants"),
    [
        (Account, {"kind": "wallet", "currency": "points"}, {"peak": 9}, ["I4"]),
        (LimitUse, {"period": "2026-03-02"}, {"amount": 20}, ["I6"]),
        (LimitUse, {"period": "2026-W10"}, {"times": 2}, ["I6"]),
        (LimitUse, {"period": "2026-W10"}, {"times": 10}, ["I6", "I6"]),
        (BudgetUse, {}, {"used": 11}, ["I6"]),
        (BudgetUse, {}, {"used": 501}, ["I6", "I6"]),
        (PeriodTotal, {"period": "ever"}, {"total": 11}, ["I4"]),
        (PeriodTotal, {"period": "2026-03"}, {"total": 9}, ["I4"]),
        (
            PeriodTotal,
            {"period": "2026-W10", "currency": "points"},
            {"period": "2026-W11"},
            ["I4", "I4"],
        ),
        (BadgeAward, {}, {"owner_id": 0}, ["I7"]),
        (BadgeAward, {}, {"object": "a:2"}, ["I7"]),
        (BadgeAward, {}, {"awarded_at": NOON + timedelta(hours=1)}, ["I7"]),
        (Claim, {}, {"rule_code": "other"}, ["I1", "I1"]),
        (Claim, {}, {"released_at": NOON}, ["I1"]),
    ],
)
def test_changed_projection_is_found(ledger, model, filters, change, invariants):
    assert model.objects.filter(**filters).update(**change) == 1

    assert found() == invariants


@pytest.mark.parametrize("model", [LimitUse, BudgetUse, PeriodTotal, Claim])
def test_lost_projection_is_found(ledger, model):
    count, _models = model.objects.all().delete()

    assert len(found()) == count


def test_open_debt_beside_a_full_wallet_is_found(ledger):
    debts = Account.objects.of(ledger).filter(kind="debt", currency="points")
    debts.update(balance=-5)

    assert found() == ["I4", "I5"]


def test_missing_triggers_are_found(unguarded):
    assert set(found()) == {"I3"}


def test_changed_history_is_found(unguarded):
    Transfer.objects.update(amount=11)
    Entry.objects.filter(amount__lt=0).update(amount=-11)

    assert set(found()) == {"I2", "I3", "I4", "I6"}


def test_what_was_given_back_while_the_rule_was_gone_is_no_passed_limit(member):
    limited = rule("done", "import.done", limit=[{"times": 1, "per": "ever"}], budget=10)
    publish_program(rules=[limited])
    first = record(member=member, verb="import.done", key="1")
    reverse(first)
    record(member=member, verb="import.done", key="2")
    publish_program()
    restore(first)
    publish_program(rules=[limited])

    assert verify() == []
    LimitUse.objects.update(times=3)
    assert set(found()) == {"I6"}
