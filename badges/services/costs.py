"""What the programme costs: for those who run it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from badges.models import BudgetUse, Transfer
from badges.program.schema import Program

Kind = Transfer.Kind
NEARLY_USED = 80


@dataclass(frozen=True)
class Paid:
    """What one rule has paid in one currency."""

    rule_code: str
    currency: str
    amount: int
    times: int


@dataclass(frozen=True)
class Budget:
    """How much of a rule's budget is gone."""

    rule_code: str
    currency: str
    used: int
    total: int

    @property
    def percent(self) -> int:
        return self.used * 100 // self.total


def paid_by_rule(*, days: int = 7) -> list[Paid]:
    """What rules paid for the activities of the last days, less what was taken back."""
    since = timezone.now() - timedelta(days=days)
    moved = Transfer.objects.filter(counted_at__gte=since, kind__in=Transfer.COUNTED)
    rows = (
        moved.values_list("rule_code", "currency")
        .annotate(total=Sum("amount"), times=Count("pk", filter=Q(kind=Kind.AWARD)))
        .order_by("-total", "rule_code", "currency")
    )
    return [Paid(*row) for row in rows]


def budgets(program: Program) -> list[Budget]:
    """The use of every budget in force, the fullest first."""
    bounded = {rule.code: rule.budget for rule in program.paying if rule.budget}
    if not bounded:
        return []
    uses = BudgetUse.objects.filter(rule_code__in=bounded)
    used = {(use.rule_code, use.currency): use.used for use in uses}
    lines = [
        Budget(rule.code, award.currency, used.get((rule.code, award.currency), 0), rule.budget)
        for rule in program.paying
        if rule.budget
        for award in rule.award
    ]
    return sorted(lines, key=lambda line: (-line.percent, line.rule_code, line.currency))
