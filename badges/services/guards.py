"""What an award needs besides a rule: a free place, room under its limits, and budget.

Read and locked for many activities at once, decided in memory, written at the end. A member's
places and limits are safe under the member's lock, which every judgement holds; budgets are shared,
so their rows are locked, in the order of their ids and after the accounts.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from badges.models import BudgetUse, Claim, LimitUse
from badges.models.owners import MEMBER
from badges.program.schema import Limit, Program, Rule
from badges.services.budgeting import watch
from badges.services.costs import Budget
from portal.activity.models import Activity
from portal.activity.rows import add_up

# More values than this are not named in a statement.
MOST = 2_000
PERIODS = ("day", "week", "month", "ever")


class BudgetError(RuntimeError):
    """A budget no longer holds what was taken from it; nothing was paid."""


@dataclass(slots=True)
class Use:
    """How much a rule has paid in a period or from its budget, and what this run adds."""

    amount: int = 0
    times: int = 0
    more: int = 0
    more_times: int = 0

    def take(self, amount: int) -> None:
        self.amount += amount
        self.times += 1
        self.more += amount
        self.more_times += 1


class Guards:
    """The places, limits and budgets that rules may ask for when they judge `facts`.

    Dry guards lock and make nothing and are never written: they are for looking ahead.
    """

    def __init__(self, facts: Sequence[Activity], program: Program, *, is_dry: bool = False):
        self._program, self._is_dry = program, is_dry
        self._facts = facts
        self._rules = {
            rule.code: rule for fact in facts for rule in program.rules_by_verb.get(fact.verb, ())
        }
        self.read()

    def read(self) -> None:
        """Read anew what the database holds; nothing may be waiting to be written."""
        self._taken: set[tuple[int, str, str]] = self._claimed()
        self._claims: dict[tuple[int, str, str], Claim] = {}
        self._uses: dict[tuple[int, str, str, str], Use] = self._used()
        self._budgets: dict[tuple[str, str], Use] = self._budgeted()

    def take_place(self, rule: Rule, fact: Activity) -> bool:
        """Claim the once-only place of `rule` for a fact; False when it is taken."""
        bucket = self._bucket(rule, fact)
        if bucket is None:
            return True
        key = (fact.member_id, rule.code, bucket)
        if key in self._taken:
            return False
        self._taken.add(key)
        self._claims[key] = Claim(
            rule_code=rule.code, owner_id=fact.member_id, bucket=bucket, activity_id=fact.pk
        )
        return True

    def leave_place(self, rule: Rule, fact: Activity) -> None:
        """Give up the place that `take_place` has just claimed."""
        bucket = self._bucket(rule, fact)
        if bucket is not None:
            key = (fact.member_id, rule.code, bucket)
            self._taken.discard(key)
            self._claims.pop(key, None)

    def room(self, rule: Rule, currency: str, wanted: int, fact: Activity) -> Any:
        """Return (what the limits leave of `wanted`, when there is room again where it is 0)."""
        again_at = None
        for limit in rule.limit:
            left = _left(limit, self._use(rule, currency, limit.per, fact), wanted)
            if left <= 0:
                again_at = period_end(limit.per, fact.occurred_at, self._program)
            wanted = min(wanted, max(0, left))
        return wanted, again_at

    def budget_left(self, rule: Rule, currency: str, wanted: int) -> int:
        if rule.budget is None:
            return wanted
        return min(wanted, max(0, rule.budget - self._budgets[rule.code, currency].amount))

    def spend(self, rule: Rule, currency: str, amount: int, fact: Activity) -> None:
        """Count an award against the rule's limits and budget."""
        for per in {limit.per for limit in rule.limit}:
            self._use(rule, currency, per, fact).take(amount)
        if rule.budget is not None:
            self._budgets[rule.code, currency].take(amount)

    def write(self) -> None:
        """Put down places, uses and budgets. Raises BudgetError when a budget was passed."""
        if self._claims:
            Claim.objects.bulk_create(self._claims.values())
            self._claims = {}
        self._write_uses()
        for (rule_code, currency), use in sorted(self._budgets.items(), key=lambda item: item[0]):
            self._write_budget(rule_code, currency, use)

    def _write_uses(self) -> None:
        changed = {key: use for key, use in self._uses.items() if use.more_times}
        if not changed:
            return
        add_up(
            LimitUse,
            {(MEMBER, *key): (use.more, use.more_times) for key, use in changed.items()},
            keys=["owner_type", "owner_id", "rule_code", "currency", "period"],
            sums=["amount", "times"],
        )
        for use in changed.values():
            use.more = use.more_times = 0

    def _write_budget(self, rule_code: str, currency: str, use: Use) -> None:
        if not use.more:
            return
        rows = BudgetUse.objects.filter(rule_code=rule_code, currency=currency)
        end = self._rules[rule_code].budget or 0
        if not rows.filter(used__lte=end - use.more).update(used=F("used") + use.more):
            raise BudgetError(f"the budget of {rule_code} no longer holds {use.more} {currency}")
        watch(Budget(rule_code, currency, use.amount, end), before=use.amount - use.more)
        use.more = 0

    def _use(self, rule: Rule, currency: str, per: str, fact: Activity) -> Use:
        period = period_key(per, fact.occurred_at, self._program)
        return self._uses.setdefault((fact.member_id, rule.code, currency, period), Use())

    def _bucket(self, rule: Rule, fact: Activity) -> str | None:
        if rule.once_per == "activity":
            return None
        if rule.once_per == "object":
            return f"object {fact.object}"
        if rule.once_per == "member":
            return "ever"
        return period_key("day", fact.occurred_at, self._program)

    def _members(self) -> set[int]:
        return {fact.member_id for fact in self._facts}

    def _claimed(self) -> set[tuple[int, str, str]]:
        wanted = [rule for rule in self._rules.values() if rule.once_per != "activity"]
        if not wanted:
            return set()
        buckets = {self._bucket(rule, fact) for rule in wanted for fact in self._facts}
        rows = self._claims_now().filter(
            owner_type=MEMBER,
            rule_code__in=[rule.code for rule in wanted],
            **_among(owner_id=self._members(), bucket=buckets),
        )
        return set(rows.values_list("owner_id", "rule_code", "bucket"))

    def _claims_now(self) -> QuerySet[Claim]:
        return Claim.objects.filter(released_at=None)

    def _used(self) -> dict[tuple[int, str, str, str], Use]:
        limits = [(rule.code, limit.per) for rule in self._rules.values() for limit in rule.limit]
        if not limits:
            return {}
        moments = {fact.occurred_at for fact in self._facts}
        periods = {
            period_key(per, moment, self._program)
            for per in {per for _code, per in limits}
            for moment in moments
        }
        rows = LimitUse.objects.filter(
            owner_type=MEMBER,
            rule_code__in={code for code, _per in limits},
            **_among(owner_id=self._members(), period=periods),
        )
        names = ("owner_id", "rule_code", "currency", "period", "amount", "times")
        return {row[:4]: Use(*row[4:]) for row in rows.values_list(*names)}

    def _budgeted(self) -> dict[tuple[str, str], Use]:
        wanted = {
            (rule.code, award.currency)
            for rule in self._rules.values()
            if rule.budget is not None
            for award in rule.award
        }
        if not wanted:
            return {}
        codes = {code for code, _currency in wanted}
        rows = BudgetUse.objects.filter(rule_code__in=codes).order_by("pk")
        if self._is_dry:
            known = {(row.rule_code, row.currency): Use(row.used) for row in rows}
            return {pair: known.get(pair, Use()) for pair in wanted}
        found = {(row.rule_code, row.currency): Use(row.used) for row in rows.select_for_update()}
        if missing := [pair for pair in sorted(wanted) if pair not in found]:
            BudgetUse.objects.bulk_create(
                [BudgetUse(rule_code=code, currency=currency) for code, currency in missing],
                ignore_conflicts=True,
            )
            return self._budgeted()
        return found


def release_places(fact: Activity, rule_code: str) -> None:
    """Free the places that a fact's award held."""
    held = Claim.objects.filter(activity=fact, rule_code=rule_code, released_at=None)
    held.update(released_at=timezone.now())


def give_back(transfer: Any, program: Program) -> None:
    """Give limits and budget back what a reversed award had used."""
    periods = {period_key(per, transfer.counted_at, program) for per in PERIODS}
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
    if per == "ever":
        return per
    local = moment.astimezone(program.zone)
    if per == "week":
        year, week, _day = local.isocalendar()
        return f"{year}-W{week:02}"
    return f"{local:%Y-%m}" if per == "month" else f"{local:%Y-%m-%d}"


def period_start(per: str, moment: datetime, program: Program) -> datetime | None:
    """When the period of `moment` began; None for `ever`."""
    if per == "ever":
        return None
    local = moment.astimezone(program.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    back = {"day": 0, "week": midnight.weekday(), "month": midnight.day - 1}
    return (midnight - timedelta(days=back[per])).astimezone(UTC)


def period_end(per: str, moment: datetime, program: Program) -> datetime | None:
    """When the period of `moment` is over, so that there is room again; None for `ever`."""
    local = moment.astimezone(program.zone)
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


def _among(**wanted: Collection) -> dict:
    """Filters for "one of these", as far as a statement can hold them; the rest is read too."""
    return {f"{name}__in": few for name, few in wanted.items() if len(few) <= MOST}


def _left(limit: Limit, use: Use, wanted: int) -> int:
    if limit.amount is None:
        return wanted if use.times < (limit.times or 0) else 0
    return limit.amount - use.amount
