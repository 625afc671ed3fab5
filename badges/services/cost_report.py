"""Every point that rules paid over some days, with its cost: the ledger, added up by rule."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Case, Count, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import TruncMonth, TruncWeek

from badges.models import Account, ExpiryMonth, Transfer
from badges.models.owners import MEMBER
from badges.program.money import cost_of
from badges.program.schema import Program
from badges.services.past import Stretch

SPLITS = {"week": TruncWeek, "month": TruncMonth}
FIGURES = {
    "paid": Sum(Case(When(amount__gt=0, then=F("amount")), default=Value(0))),
    "back": Sum(Case(When(amount__lt=0, then=-F("amount")), default=Value(0))),
    "members": Count("owner_id", distinct=True),
    "outcomes": Sum(Case(When(amount__gt=0, then=Value(1)), default=Value(-1))),
}


@dataclass(frozen=True)
class CostLine:
    """What one rule paid in one currency, in one period where the report is split.

    `back` was taken back by reversals, for awards of these days; `outcomes` are the activities
    whose award stands; `members` are those whom it paid, also where it was taken back.
    """

    rule_code: str
    currency: str
    paid: int
    back: int
    members: int
    outcomes: int
    period: date | None = None

    @property
    def net(self) -> int:
        return self.paid - self.back

    def cost(self, program: Program) -> dict[str, Decimal]:
        """The exact cost by money; empty where the currency has no worth."""
        return cost_of([(self.currency, self.net)], program)

    def cost_each(self, program: Program) -> dict[str, Decimal]:
        """The cost of one outcome; empty without one."""
        if self.outcomes <= 0:
            return {}
        return {code: cost / self.outcomes for code, cost in self.cost(program).items()}


@dataclass(frozen=True)
class CostReport:
    """Lines by rule, and the foot: the same figures of the ledger as a whole, by currency."""

    lines: list[CostLine]
    foot: list[CostLine]


@dataclass(frozen=True)
class Liability:
    """What members hold of one currency now; `held` is kept back for now."""

    currency: str
    balance: int
    held: int

    @property
    def total(self) -> int:
        return self.balance + self.held

    def cost(self, program: Program) -> dict[str, Decimal]:
        return cost_of([(self.currency, self.total)], program)


def cost_report(*, stretch: Stretch, program: Program, split: str = "") -> CostReport:
    """What rules paid for activities of the stretch, whole or by `week` or `month`; two queries.

    On the index (counted_at, rule_code). What a rule takes back later lowers the days of its award.
    """
    rows = _paid(stretch)
    keys = ["rule_code", "currency"]
    if split:
        rows = rows.annotate(period=SPLITS[split]("counted_at", tzinfo=program.zone))
        keys.append("period")
    found = rows.values(*keys).annotate(**FIGURES)
    lines = [_line(row) for row in found]
    lines.sort(key=lambda line: (line.period or date.min, -line.net, line.rule_code, line.currency))
    totals = _paid(stretch).values("currency").annotate(**FIGURES).order_by("currency")
    return CostReport(lines, [_line({"rule_code": "", **row}) for row in totals])


def liabilities(program: Program) -> list[Liability]:
    """What members hold now of what can be spent, by currency; one query."""
    spendable = [code for code, currency in program.currencies.items() if currency.spendable]
    wallets = Account.objects.filter(
        owner_type=MEMBER, kind__in=["wallet", "held"], currency__in=spendable
    )
    sums = wallets.values_list("currency").annotate(
        available=Sum("balance", filter=Q(kind="wallet"), default=0),
        waiting=Sum("balance", filter=Q(kind="held"), default=0),
    )
    return [Liability(*row) for row in sums.order_by("currency")]


def expiring_months(program: Program) -> list[ExpiryMonth]:
    """What of it expires in which month if nobody spends it, as counted last night; one query."""
    expiring = [code for code, currency in program.currencies.items() if currency.expires]
    return list(ExpiryMonth.objects.filter(currency__in=expiring).order_by("currency", "month"))


def _paid(stretch: Stretch) -> QuerySet[Transfer]:
    return Transfer.objects.filter(
        kind__in=Transfer.COUNTED, counted_at__gte=stretch.since, counted_at__lt=stretch.until
    )


def _line(row: dict) -> CostLine:
    period: datetime | None = row.pop("period", None)
    return CostLine(**row, period=period.date() if period else None)
