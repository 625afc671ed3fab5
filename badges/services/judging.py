"""Whether and what a rule pays: conditions, the once-only place, limits, budget, in that order."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from badges.models import BudgetUse, Claim, LimitUse, Refusal
from badges.models.owners import MEMBER
from badges.program.schema import Award, Limit, MemberTest, Program, Rule
from portal.activity.models import Activity

Reason = Refusal.Reason


@dataclass(frozen=True)
class Verdict:
    """What a rule says of an activity: amounts to pay, or the reason why nothing."""

    rule: Rule
    amounts: dict[str, int]
    reason: str = ""
    again_at: datetime | None = None


@dataclass(frozen=True)
class Case:
    """An activity before the judge, with what rules ask about its member."""

    activity: Activity
    program: Program
    level: str | None
    roles: frozenset[str]


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
        and (when.first_time is None or when.first_time == _is_first(rule, activity))
    )


def judge(rule: Rule, case: Case) -> Verdict:
    """Take the place, the room and the budget that the award needs, or say why not.

    Runs inside the dispatch's transaction, under the member's lock; a refusal leaves nothing taken.
    """
    if rule.holdout and holds_out(rule, case.activity.member_id):
        return Verdict(rule, {}, Reason.HOLDOUT)
    if not take_place(rule, case):
        return Verdict(
            rule, {}, Reason.CLAIMED, _next_day(case) if rule.once_per == "day" else None
        )
    amounts, reason, again_at = {}, "", None
    for award in rule.award:
        amount = award.for_value(case.activity.value)
        amount, why, when = _take_room(rule, award, amount, case)
        if amount:
            amounts[award.currency] = amount
        else:
            reason, again_at = why, when
    if not amounts:
        release_places(case.activity, rule.code)
    return Verdict(rule, amounts, "" if amounts else reason, again_at)


def holds_out(rule: Rule, member_id: int) -> bool:
    """True for the stable share of members that serves as the rule's control group."""
    digest = hashlib.sha256(f"{rule.code}:{member_id}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100 < rule.holdout


def take_place(rule: Rule, case: Case) -> bool:
    """Claim the once-only place; the database decides when two come at once."""
    bucket = _bucket(rule, case)
    if bucket is None:
        return True
    claim = Claim(
        rule_code=rule.code,
        owner_id=case.activity.member_id,
        bucket=bucket,
        activity=case.activity.origin or case.activity,
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def release_places(activity: Activity, rule_code: str) -> None:
    """Free the places that an activity's award held."""
    held = Claim.objects.filter(activity=activity, rule_code=rule_code, released_at=None)
    held.update(released_at=timezone.now())


def retake(rule: Rule, case: Case, amounts: dict[str, int]) -> bool:
    """Take place, room and budget for an award that is being restored: all of it or nothing."""
    try:
        with transaction.atomic():
            if not take_place(rule, case):
                raise _NoRoom
            for award in rule.award:
                wanted = amounts.get(award.currency, 0)
                if wanted and _take_room(rule, award, wanted, case)[0] != wanted:
                    raise _NoRoom
    except _NoRoom:
        return False
    return True


def give_back(transfer, program: Program) -> None:
    """Give limits and budget back what a reversed award had used."""
    periods = {
        period_key(per, transfer.counted_at, program) for per in ("day", "week", "month", "ever")
    }
    LimitUse.objects.filter(
        owner_type=transfer.owner_type,
        owner_id=transfer.owner_id,
        rule_code=transfer.rule_code,
        currency=transfer.currency,
        period__in=periods,
    ).update(amount=F("amount") - transfer.amount, times=F("times") - 1)
    uses = BudgetUse.objects.filter(rule_code=transfer.rule_code, currency=transfer.currency)
    uses.update(used=F("used") - transfer.amount)


def period_key(per: str, moment: datetime, program: Program) -> str:
    """`2026-11-22`, `2026-W47`, `2026-11` or `ever`, in the programme's zone."""
    local = moment.astimezone(program.zone)
    year, week, _day = local.isocalendar()
    keys = {"day": f"{local:%Y-%m-%d}", "week": f"{year}-W{week:02}", "month": f"{local:%Y-%m}"}
    return keys.get(per, "ever")


class _NoRoom(Exception):  # noqa: N818 (never leaves this module)
    pass


def _fits(test: MemberTest, case: Case) -> bool:
    return (test.role is None or bool(case.roles & set(test.role))) and (
        test.level is None or case.level in test.level
    )


def _is_first(rule: Rule, activity: Activity) -> bool:
    others = Activity.objects.filter(member_id=activity.member_id, verb__in=rule.verb)
    return others.exclude(pk=activity.pk).standing_count() == 0


def _bucket(rule: Rule, case: Case) -> str | None:
    day = period_key("day", case.activity.occurred_at, case.program)
    buckets = {"object": f"object {case.activity.object}", "member": "ever", "day": day}
    return buckets.get(rule.once_per)


def _take_room(rule: Rule, award: Award, amount: int, case: Case):
    """Return (amount cut to what limits and budget leave, reason when 0, when there is room)."""
    uses = _limit_uses(rule, award, case)
    again_at = None
    for limit, use in uses:
        left = _left(limit, use, amount)
        if left <= 0:
            again_at = _period_end(limit.per, case)
        amount = min(amount, max(0, left))
    if amount <= 0:
        return 0, Reason.LIMIT, again_at
    amount = _take_budget(rule, award.currency, amount)
    if not amount:
        return 0, Reason.BUDGET, None
    for period in {use.period for _limit, use in uses}:
        use = next(use for _limit, use in uses if use.period == period)
        LimitUse.objects.filter(pk=use.pk).update(amount=F("amount") + amount, times=F("times") + 1)
    return amount, "", None


def _limit_uses(rule: Rule, award: Award, case: Case) -> list[tuple[Limit, LimitUse]]:
    pairs = []
    for limit in rule.limit:
        use, _made = LimitUse.objects.select_for_update().get_or_create(
            owner_type=MEMBER,
            owner_id=case.activity.member_id,
            rule_code=rule.code,
            currency=award.currency,
            period=period_key(limit.per, case.activity.occurred_at, case.program),
        )
        pairs.append((limit, use))
    return pairs


def _left(limit: Limit, use: LimitUse, wanted: int) -> int:
    if limit.times is not None:
        return wanted if use.times < limit.times else 0
    return limit.amount - use.amount


def _take_budget(rule: Rule, currency: str, amount: int) -> int:
    """Take up to `amount` from the rule's budget by conditional updates; never past its end."""
    if rule.budget is None:
        return amount
    BudgetUse.objects.get_or_create(rule_code=rule.code, currency=currency)
    uses = BudgetUse.objects.filter(rule_code=rule.code, currency=currency)
    while amount > 0:
        if uses.filter(used__lte=rule.budget - amount).update(used=F("used") + amount):
            return amount
        left = rule.budget - uses.values_list("used", flat=True).get()
        amount = min(amount, max(0, left))
    return 0


def _next_day(case: Case) -> datetime:
    return _period_end("day", case)


def _period_end(per: str, case: Case) -> datetime | None:
    """When the period of the activity is over, so that there is room again."""
    local = case.activity.occurred_at.astimezone(case.program.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if per == "day":
        end = midnight + timedelta(days=1)
    elif per == "week":
        end = midnight + timedelta(days=7 - midnight.weekday())
    elif per == "month":
        end = (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)
    else:
        return None
    return end.astimezone(UTC)
