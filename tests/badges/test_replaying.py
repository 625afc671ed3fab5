"""What rules paid can be rebuilt from the log, and what somebody changed by hand is found."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from badges.models import Account, BudgetUse, LimitUse, PeriodTotal, Refusal, Transfer
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.accounts.models import Member
from portal.activity import triggers
from portal.activity.services import record, restore, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule, rule, text

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def do(member, key, *, hours=0, **more):
    at = NOON + timedelta(hours=hours)
    return record(member=member, verb="import.done", key=key, occurred_at=at, **more)


@pytest.fixture
def tampering(commits):
    """Append-only tables without their triggers, to play somebody who tampers with them."""
    triggers.drop_triggers()
    yield
    triggers.install_triggers()


def test_reversed_and_restored_awards_under_limits_are_rebuilt(member):
    limit = [{"amount": 25, "per": "day"}]
    publish_rule(verb="import.done", once_per="object", limit=limit)
    facts = [do(member, str(n), object=f"a:{n}") for n in range(4)]
    reverse(facts[0])
    do(member, "late", object="a:9")
    restore(facts[0])
    restore(facts[3])

    assert Refusal.objects.exists()
    assert list(replay()) == []


def test_each_activity_is_judged_by_the_version_then_in_force(member):
    publish_rule(verb="import.done", amount=10)
    first = do(member, "1")
    publish_rule(verb="import.done", amount=20, limit=[{"amount": 25, "per": "ever"}])
    do(member, "2")
    publish_program(rules=[], timezone="Europe/Istanbul")
    do(member, "3")
    reverse(first)
    restore(first)

    assert [t.amount for t in Transfer.objects.order_by("pk")] == [10, 15, -10, 10]
    assert list(replay()) == []


def test_levels_first_times_and_other_currencies_are_rebuilt(member):
    levels = [
        {"code": "new", "name": text("New"), "experience": 0},
        {"code": "old", "name": text("Old"), "experience": 10},
    ]
    publish_program(
        rules=[
            rule("first", "import.done", 10, "experience", when={"first_time": True}),
            rule("old", "import.done", 5, when={"member": {"level": ["old"]}}),
            rule("role", "import.done", 3, when={"member": {"role": ["member"]}}),
        ],
        levels=levels,
    )
    for number in range(3):
        do(member, str(number))

    assert Transfer.objects.count() == 6
    assert list(replay()) == []


def test_budget_is_taken_as_it_was_shared_out(member):
    publish_rule(verb="import.done", amount=40, budget=100)
    facts = [do(MemberFactory(), str(n)) for n in range(4)]
    reverse(facts[0])
    do(member, "late")
    restore(facts[0])

    assert list(replay()) == []


def test_reversal_that_came_before_its_original_pays_nothing_again(commits, tmp_path):
    publish_rule(verb="import.done")
    line = {"verb": "import.done", "member": "ann", "occurred_at": "2026-03-02T12:00:00Z"}
    early = {**line, "id": "undone", "reverses": "done", "occurred_at": "2026-03-01T12:00:00Z"}
    path = tmp_path / "facts.jsonl"
    path.write_text("\n".join(map(json.dumps, [early, {**line, "id": "done"}])), encoding="utf-8")

    call_command("import_activities", path, source="there", create_members=True)

    assert not Transfer.objects.exists()
    assert Member.objects.get(handle="ann").activities.count() == 2
    assert list(replay()) == []


@pytest.mark.parametrize("change", ["amount", "rule", "gone", "added"])
def test_tampering_is_found(member, tampering, change, capsys):
    publish_rule(verb="import.done", once_per="day")
    do(member, "1")
    do(member, "2", hours=1)
    paid = Transfer.objects.get()
    if change == "amount":
        Transfer.objects.update(amount=11)
    elif change == "rule":
        Transfer.objects.update(rule_code="other")
    elif change == "gone":
        paid.entries.all().delete()
        paid.delete()
    else:
        paid.pk, paid.activity = None, member.activities.get(key="2")
        paid.save()

    with pytest.raises(CommandError, match="difference"):
        call_command("replay_activities", dry_run=True)

    assert f"of member {member.pk}: " in capsys.readouterr().err


def test_replay_writes_anew_what_is_kept_beside_the_ledger(member, capsys):
    limit = [{"amount": 100, "per": "week"}]
    award = {"currency": "experience", "amount": 10}
    publish_rule(verb="import.done", award=award, limit=limit, budget=500)
    do(member, "1")
    Account.objects.of(member).filter(kind="wallet").update(balance=3)
    LimitUse.objects.update(amount=1)
    BudgetUse.objects.all().delete()
    PeriodTotal.objects.filter(period="ever").update(total=99)

    call_command("replay_activities", dry_run=True)
    assert verify() != []
    call_command("replay_activities")

    assert verify() == []
    assert PeriodTotal.objects.get(period="ever").reached_at == NOON
    assert capsys.readouterr().out.splitlines()[-3:] == [
        "1 activities judged again.",
        "Balances, totals and counters were written anew.",
        "The ledger is what the log makes of the rules.",
    ]
