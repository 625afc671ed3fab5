"""Counting again what is kept beside the ledger: places, limits, budgets, totals, badges.

Each check is one or two grouped statements over the whole ledger, compared in memory; it yields
(invariant, message) for every difference.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, F, Min, OuterRef, Q, Sum
from django.db.models.functions import Coalesce, Length

from badges.models import (
    Account,
    BadgeAward,
    BoardMark,
    BudgetUse,
    Claim,
    LimitUse,
    ListingChange,
    PeriodTotal,
    ProgramVersion,
    Transfer,
)
from badges.models.boards import EVER, EXPERIENCE
from badges.models.programs import program_of
from badges.program.schema import Program
from badges.services.boards import month_of, week_of
from badges.services.counting import LIMIT_KEYS, STARTS, budget_uses, limit_uses
from portal.accounts.models import Member
from portal.activity.recounts import Check, Finding


def _limits_are_counts() -> Iterator[Finding]:
    _version, program = ProgramVersion.objects.current()
    rules = program.rules_by_code.values()
    counted = {one.key: (one.amount, one.times) for one in limit_uses(rules, program)}
    rows = LimitUse.objects.values_list(*LIMIT_KEYS, "period", "amount", "times")
    kept = {tuple(row[:5]): (row[5], row[6]) for row in rows.iterator()}
    for key, here, there in _unequal(kept, counted, (0, 0)):
        owner, code, currency, period = key[1:]
        what = f"limit of {code} for {owner} in {currency}, {period}"
        yield "I6", f"{what}: {here} kept, {there} counted"


def _budgets_are_counts() -> Iterator[Finding]:
    _version, program = ProgramVersion.objects.current()
    counted = {one.key: one.amount for one in budget_uses(program.rules_by_code.values())}
    rows = BudgetUse.objects.values_list("rule_code", "currency", "used")
    kept = {(code, currency): used for code, currency, used in rows}
    for (code, currency), here, there in _unequal(kept, counted, 0):
        yield "I6", f"budget of {code} in {currency}: {here} kept, {there} paid"


def _nothing_is_passed() -> Iterator[Finding]:
    """No use is above the highest limit or budget that its rule ever had.

    What was given back while no programme held the rule was given back whole, and comes on top.
    """
    unbound = _given_back_without_rule()
    for (code, per), (amount, times) in _highest_limits(_programs()).items():
        length = {"day": 10, "week": 8, "month": 7, "ever": 4}[per]
        rows = LimitUse.objects.annotate(long=Length("period")).filter(rule_code=code, long=length)
        for use in rows.filter(Q(amount__gt=amount) | Q(times__gt=times)):
            more, often = unbound.get((code, use.currency, use.owner_id), (0, 0))
            if use.amount <= amount + more and use.times <= times + often:
                continue
            yield "I6", f"limit of {code} for {use.owner_id}: {use.amount} in {use.period}"
    for code, budget in _highest_budgets(_programs()).items():
        for spent in BudgetUse.objects.filter(rule_code=code, used__gt=budget):
            ours = code, spent.currency
            more = sum(amount for key, (amount, _times) in unbound.items() if key[:2] == ours)
            if spent.used <= budget + more:
                continue
            yield "I6", f"budget of {code}: {spent.used} of {budget} {spent.currency} used"


def _claims_have_awards() -> Iterator[Finding]:
    """A place that is taken was paid for, the payment stands, and it is the member's own."""
    own = Q(owner_type="member", owner_id=F("activity__member_id"))
    for claim in Claim.objects.exclude(own).iterator():
        yield "I1", f"{claim.owner_id} has the place {claim} of somebody else's activity"
    origin = Coalesce("activity__origin_id", "activity_id")
    claimed = Claim.objects.filter(released_at=None)
    codes = claimed.values("rule_code").distinct()
    paid = Transfer.objects.filter(kind__in=Transfer.COUNTED, rule_code__in=codes).annotate(
        origin=origin
    )
    sums = paid.values_list("rule_code", "origin").annotate(total=Sum("amount"))
    standing = {(code, fact) for code, fact, _total in sums.filter(total__gt=0).iterator()}
    for code, fact, bucket in claimed.values_list("rule_code", "activity_id", "bucket").iterator():
        if (code, fact) not in standing:
            yield "I1", f"activity {fact} holds {code} {bucket} without an award"


def _awards_hold_places() -> Iterator[Finding]:
    """What a rule paid for a place that is given once still holds it, else it could pay again."""
    held = Claim.objects.filter(
        activity=OuterRef("activity"), rule_code=OuterRef("rule_code"), released_at=None
    )
    paid = Transfer.objects.filter(kind=Transfer.Kind.AWARD, reversed_by=None)
    versions = dict(_versions())
    groups = paid.exclude(Exists(held)).values_list("program", "rule_code")
    for version, code, count, fact in groups.annotate(n=Count("pk"), one=Min("activity")):
        rule = versions[version].rules_by_code.get(code) if version in versions else None
        if rule and rule.once_per != "activity":
            yield "I1", f"{count} awards of {code} hold no place, that of activity {fact} first"


def _debt_comes_first() -> Iterator[Finding]:
    """Who owes holds nothing."""
    same = {name: OuterRef(name) for name in ("owner_type", "owner_id", "currency")}
    holds = Account.objects.filter(**same, kind__in=["wallet", "held"], balance__gt=0)
    for account in Account.objects.filter(Exists(holds), kind="debt", balance__lt=0):
        yield "I5", f"{account} is open while the owner holds something"


def _transfers_move_what_they_say() -> Iterator[Finding]:
    """The entries on the owner's accounts sum to the transfer's amount."""
    moved = Sum("entries__amount", filter=Q(entries__account__owner_type=F("owner_type")))
    rows = Transfer.objects.exclude(kind=Transfer.Kind.RELEASE).values_list("pk", "amount")
    for pk, amount, total in rows.annotate(moved=moved).exclude(moved=F("amount")).iterator():
        yield "I2", f"transfer {pk} says {amount} and moves {total}"


def _totals_are_sums() -> Iterator[Finding]:
    """Those of boards, ever and by month, are about experience; weeks are kept of everything."""
    rows = Transfer.objects.filter(kind__in=Transfer.COUNTED)
    owner = ("owner_type", "owner_id", "currency")
    is_board = Q(currency=EXPERIENCE)
    sums = rows.filter(is_board).values_list(*owner).annotate(total=Sum("amount"))
    counted = {(*key, EVER): total for *key, total in sums.iterator()}
    wanted = is_board & Q(period=EVER)
    zones = {program.timezone for program in _programs()}
    if len(zones) == 1:
        program = _programs()[0]
        for per, name, whose in (("week", week_of, Q()), ("month", month_of, is_board)):
            start = STARTS[per]("counted_at", tzinfo=program.zone)
            starts = rows.filter(whose).annotate(start=start).values_list(*owner, "start")
            for *key, begins, total in starts.annotate(sum=Sum("amount")).iterator():
                counted[*key, name(begins, program)] = total
        is_dated = Q(period__startswith="20") | Q(period__startswith="19")
        wanted |= is_dated & (is_board | Q(period__contains="-W"))
    kept = PeriodTotal.objects.filter(wanted).values_list(*owner, "period", "total")
    totals = {tuple(key): total for *key, total in kept.iterator()}
    for key, here, there in _unequal(totals, counted, 0):
        yield "I4", f"total of {key[1]} in {key[2]}, {key[3]}: {here} kept, {there} counted"


def _marks_are_counts() -> Iterator[Finding]:
    """A mark's number is that of the counted rows above it, and these belong to listed members."""
    boards: dict[str, list[tuple[int, int]]] = {}
    rows = PeriodTotal.objects.filter(is_counted=True).values_list("period", "counted")
    groups = rows.annotate(n=Count("pk")).order_by("period", "-counted")
    for period, total, count in groups.iterator():
        steps = boards.setdefault(period, [])
        steps.append((-total, (steps[-1][1] if steps else 0) + count))
    for mark in BoardMark.objects.iterator():
        steps = boards.get(mark.period, [])
        place = bisect_left(steps, (-mark.total, 0))
        counted = steps[place - 1][1] if place else 0
        if counted != mark.above:
            yield "I4", f"members of board {mark}: {counted} counted"
    owner = {"pk": OuterRef("owner_id")}
    waiting = ListingChange.objects.filter(owner_id=OuterRef("owner_id"))
    counted_rows = PeriodTotal.objects.filter(is_counted=True).exclude(Exists(waiting))
    for row in counted_rows.exclude(Exists(Member.objects.listed().filter(**owner))).iterator():
        yield "I4", f"board {row.period} counts {row.owner_id}, who is not listed"


def _badges_have_causes() -> Iterator[Finding]:
    """A badge names an activity of its holder, its time, and an object of it or none."""
    fits = Q(activity__member_id=F("owner_id"), awarded_at=F("activity__occurred_at")) & (
        Q(object="") | Q(object=F("activity__object"))
    )
    for award in BadgeAward.objects.filter(owner_type="member").exclude(fits).iterator():
        yield "I7", f"{award} does not agree with activity {award.activity_id}"


CHECKS: dict[Check, tuple[str, ...]] = {
    _limits_are_counts: ("badges.LimitUse.amount", "badges.LimitUse.times"),
    _budgets_are_counts: ("badges.BudgetUse.used",),
    _nothing_is_passed: (),
    _claims_have_awards: ("badges.Claim.released_at", "badges.Claim.owner_id"),
    _awards_hold_places: (),
    _debt_comes_first: (),
    _transfers_move_what_they_say: ("badges.Transfer.amount", "badges.Entry.amount"),
    _totals_are_sums: ("badges.PeriodTotal.total",),
    _marks_are_counts: ("badges.BoardMark.above", "badges.PeriodTotal.is_counted"),
    _badges_have_causes: ("badges.BadgeAward.owner_id", "badges.BadgeAward.awarded_at"),
}


def _programs() -> list[Program]:
    return [program for _pk, program in _versions()]


def _versions() -> list[tuple[int, Program]]:
    versions = ProgramVersion.objects.exclude(status=ProgramVersion.Status.DRAFT)
    pairs = versions.order_by("pk").values_list("pk", "content_hash")
    return [(pk, program_of(pk, digest)) for pk, digest in pairs]


def _given_back_without_rule() -> dict[tuple[str, str, int], tuple[int, int]]:
    """(amount, times) by rule, currency and owner, restored while the programme lacked the rule.

    No limit was in force then.
    """
    versions = ProgramVersion.objects.exclude(published_at=None).order_by("published_at", "pk")
    told = list(versions.values_list("published_at", "pk", "content_hash"))
    begins = [published_at for published_at, _pk, _digest in told]
    rows = Transfer.objects.filter(kind=Transfer.Kind.RESTORE)
    found: dict[tuple[str, str, int], tuple[int, int]] = {}
    names = ("rule_code", "currency", "owner_id", "amount", "created_at")
    for code, currency, owner, amount, at in rows.values_list(*names).iterator():
        place = bisect_right(begins, at) - 1
        if place >= 0 and code in program_of(*told[place][1:]).rules_by_code:
            continue
        total, times = found.get((code, currency, owner), (0, 0))
        found[code, currency, owner] = (total + amount, times + 1)
    return found


def _highest_limits(programs: Iterable[Program]) -> dict[tuple[str, str], tuple[int, int]]:
    """The greatest (amount, times) by rule and period, where every version had such a limit."""
    endless = float("inf")
    highest: dict[tuple[str, str], tuple] = {}
    for rule in (rule for program in programs for rule in program.rules):
        for per in ("day", "week", "month", "ever"):
            limits = [limit for limit in rule.limit if limit.per == per]
            amount = min((one.amount for one in limits if one.amount), default=endless)
            times = min((one.times for one in limits if one.times), default=endless)
            former = highest.get((rule.code, per), (0, 0))
            highest[rule.code, per] = (max(former[0], amount), max(former[1], times))
    most = 2**62
    return {
        key: (min(amount, most), min(times, most))
        for key, (amount, times) in highest.items()
        if min(amount, times) < endless
    }


def _highest_budgets(programs: Iterable[Program]) -> dict[str, int]:
    highest: dict[str, float] = {}
    for rule in (rule for program in programs for rule in program.rules):
        budget = float("inf") if rule.budget is None else rule.budget
        highest[rule.code] = max(highest.get(rule.code, 0), budget)
    return {code: int(budget) for code, budget in highest.items() if budget != float("inf")}


def _unequal(kept: dict, counted: dict, nothing: Any) -> Iterator[tuple]:
    """(key, kept, counted) wherever the two differ; what is missing is `nothing`."""
    for key in {**kept, **counted}:
        here, there = kept.get(key, nothing), counted.get(key, nothing)
        if here != there:
            yield key, here, there
