"""Whether and what a rule pays: conditions, the once-only place, limits, budget, in that order."""

import hashlib
from datetime import datetime
from typing import NamedTuple

from badges.models import Refusal
from badges.program.schema import Award, MemberTest, Program, Rule
from badges.services.excluding import Exclusions
from badges.services.gauges import Gauges
from badges.services.guards import Guards, period_end
from portal.activity.models import Activity

Reason = Refusal.Reason


class No(NamedTuple):
    """Why a rule pays nothing, or nothing in one currency, and when it could."""

    reason: str
    currency: str = ""
    again_at: datetime | None = None


class Verdict(NamedTuple):
    """What a rule says of an activity: amounts by currency, and what it refuses."""

    rule: Rule
    amounts: dict[str, int]
    refused: tuple[No, ...] = ()


class Case(NamedTuple):
    """An activity before the judge, with what rules ask about its member."""

    activity: Activity
    program: Program
    level: str | None
    roles: frozenset[str]
    guards: Guards
    gauges: Gauges
    exclusions: Exclusions | None = None


def meets_conditions(rule: Rule, case: Case) -> bool:
    """True when dates and every `when` hold; a rule that does not concern an activity is silent."""
    activity, when = case.activity, rule.when
    if rule.starts_at and activity.occurred_at < rule.starts_at:
        return False
    if rule.ends_at and activity.occurred_at >= rule.ends_at:
        return False
    if rule.once_per == "object" and not activity.object:
        return False
    if when is None:
        return True
    return (
        (when.value is None or when.value.holds(activity.value))
        and (when.object is None or activity.object.startswith(when.object.prefix))
        and (when.member is None or _fits(when.member, case))
        and (when.first_time is None or when.first_time == _is_first(rule, case))
    )


def judge(rule: Rule, case: Case) -> Verdict:
    """Take the place, the room and the budget that the award needs, or say why not.

    Runs inside the dispatch's transaction, under the member's lock; a refusal leaves nothing taken.
    """
    fact, guards = case.activity, case.guards
    left_out = case.exclusions.reason(rule, fact) if case.exclusions else None
    if left_out:
        return Verdict(rule, {}, (No(left_out),))
    if rule.holdout and holds_out(rule, fact.member_id):
        return Verdict(rule, {}, (No(Reason.HOLDOUT),))
    if not guards.take_place(rule, fact):
        return Verdict(rule, {}, (No(Reason.CLAIMED, again_at=_free_again(rule, case)),))
    amounts, refused = {}, []
    for award in rule.award:
        said = _room(rule, award, award.for_value(fact.value), case)
        if isinstance(said, No):
            refused.append(said)
        elif said:
            guards.spend(rule, award.currency, said, fact)
            amounts[award.currency] = said
    if not amounts:
        guards.leave_place(rule, fact)
        refused = [No(no.reason, again_at=no.again_at) for no in refused[:1]]
    return Verdict(rule, amounts, tuple(refused))


def holds_out(rule: Rule, member_id: int) -> bool:
    """True for the stable share of members that serves as the rule's control group."""
    digest = hashlib.sha256(f"{rule.code}:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < rule.holdout


def retake(rule: Rule, case: Case, amounts: dict[str, int]) -> bool:
    """Take place, room and budget for an award that is being restored: all of it or nothing."""
    fact, guards = case.activity, case.guards
    if not guards.take_place(rule, fact):
        return False
    awards = [award for award in rule.award if amounts.get(award.currency)]
    if any(_room(rule, a, amounts[a.currency], case) != amounts[a.currency] for a in awards):
        guards.leave_place(rule, fact)
        return False
    for award in awards:
        guards.spend(rule, award.currency, amounts[award.currency], fact)
    return True


def _room(rule: Rule, award: Award, wanted: int, case: Case) -> int | No:
    """What limits and budget leave of an amount, or why that is nothing.

    An amount of 0 to begin with (a value of 0 or less) is no refusal.
    """
    if not wanted:
        return 0
    left, again_at = case.guards.room(rule, award.currency, wanted, case.activity)
    if not left:
        return No(Reason.LIMIT, award.currency, again_at)
    left = case.guards.budget_left(rule, award.currency, left)
    return left or No(Reason.BUDGET, award.currency)


def _fits(test: MemberTest, case: Case) -> bool:
    return (test.role is None or bool(case.roles & set(test.role))) and (
        test.level is None or case.level in test.level
    )


def _is_first(rule: Rule, case: Case) -> bool:
    """Whether no other fact with the rule's verbs stands among those judged before."""
    fact = case.activity
    earlier = case.gauges.reading(
        "count", rule.any_fact, member_id=fact.member_id, day=fact.local_date
    )
    return earlier == 0


def _free_again(rule: Rule, case: Case) -> datetime | None:
    if rule.once_per != "day":
        return None
    return period_end("day", case.activity.occurred_at, case.program)
