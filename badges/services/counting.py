"""What limits and budgets have used, counted from the ledger instead of kept beside it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Sum, Value, When
from django.db.models.functions import TruncDay, TruncMonth, TruncWeek

from badges.models import BudgetUse, LimitUse, Transfer
from badges.program.schema import Program, Rule
from badges.services.guards import period_key
from portal.activity.rows import insert_all

STARTS = {"day": TruncDay, "week": TruncWeek, "month": TruncMonth}
SUMS = {
    "total": Sum("amount"),
    "times": Sum(Case(When(amount__gt=0, then=Value(1)), default=Value(-1))),
}
LIMIT_KEYS = ("owner_type", "owner_id", "rule_code", "currency")


@dataclass(frozen=True)
class Count:
    """What a rule's standing awards come to; `key` names whose, in what, and when."""

    key: tuple
    amount: int
    times: int


def limit_uses(rules: Collection[Rule], program: Program) -> Iterator[Count]:
    """By owner, rule, currency and period, for each kind of period that the rules limit."""
    for per in sorted({limit.per for rule in rules for limit in rule.limit}):
        codes = [rule.code for rule in rules if any(limit.per == per for limit in rule.limit)]
        rows = _standing(codes)
        keys: tuple[str, ...] = LIMIT_KEYS
        if per in STARTS:
            rows = rows.annotate(start=STARTS[per]("counted_at", tzinfo=program.zone))
            keys = (*LIMIT_KEYS, "start")
        for *key, amount, times in rows.values_list(*keys).annotate(**SUMS):
            period = period_key(per, key.pop(), program) if per in STARTS else per
            yield Count((*key, period), amount, times)


def budget_uses(rules: Collection[Rule]) -> Iterator[Count]:
    """By rule and currency, for the rules that have a budget."""
    rows = _standing([rule.code for rule in rules if rule.budget is not None])
    for *key, amount, times in rows.values_list("rule_code", "currency").annotate(**SUMS):
        yield Count(tuple(key), amount, times)


def count_anew(codes: Collection[str], program: Program) -> None:
    """Put the counters of these rules where the ledger says, so that what was paid counts.

    A rule counts only while it has a limit or a budget, and limits and budgets hold for all that
    a code ever paid. Runs in the caller's transaction.
    """
    rules = [rule for code, rule in program.rules_by_code.items() if code in codes]
    LimitUse.objects.filter(rule_code__in=codes).delete()
    BudgetUse.objects.filter(rule_code__in=codes).delete()
    limits = [(*one.key, one.amount, one.times) for one in limit_uses(rules, program)]
    insert_all(LimitUse, [*LIMIT_KEYS, "period", "amount", "times"], limits)
    budgets = [(*one.key, one.amount) for one in budget_uses(rules)]
    insert_all(BudgetUse, ["rule_code", "currency", "used"], budgets)


def counted_otherwise(former: Program, program: Program) -> set[str]:
    """The rules whose counters mean something else under `program`, dropped ones included."""
    before, after = former.rules_by_code, program.rules_by_code
    if former.timezone != program.timezone:
        return {*before, *after}
    return {code for code in {*before, *after} if _counters(before, code) != _counters(after, code)}


def _counters(rules: dict[str, Rule], code: str) -> tuple | None:
    rule = rules.get(code)
    return ({limit.per for limit in rule.limit}, rule.budget is not None) if rule else None


def _standing(codes: Collection[str]) -> Any:
    return Transfer.objects.filter(kind__in=Transfer.COUNTED, rule_code__in=codes)
