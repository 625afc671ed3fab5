"""What a rule brings: members whom it pays beside the control group that it holds out."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

from badges.program.schema import Program, Rule
from badges.services.gauges import TESTS
from badges.services.judging import holds_out
from badges.services.past import Stretch
from portal.accounts.models import Member
from portal.activity.models import Activity

CONFIDENCE = 0.95
# Fewer members with, or without, the outcome in a group, and the normal approximation is off.
FEWEST = 5


@dataclass(frozen=True)
class Group:
    """Members of one group, and how many of them did it."""

    members: int
    acted: int

    @property
    def rate(self) -> float:
        return self.acted / self.members if self.members else 0.0

    @property
    def is_enough(self) -> bool:
        return min(self.acted, self.members - self.acted) >= FEWEST


@dataclass(frozen=True)
class Lift:
    """How much likelier the paid members were to act: a difference of shares and its bounds."""

    rule_code: str
    paid: Group
    control: Group

    @property
    def is_enough(self) -> bool:
        return self.paid.is_enough and self.control.is_enough

    @property
    def difference(self) -> float:
        return self.paid.rate - self.control.rate

    @property
    def bounds(self) -> tuple[float, float]:
        """The 95 % interval of the difference of two independent proportions.

        The large-sample (Wald) interval, p1 - p2 ± z · sqrt(p1(1 - p1)/n1 + p2(1 - p2)/n2): see
        A. Agresti, An Introduction to Categorical Data Analysis, section 2.2. It is used only
        where each group holds at least five members with and five without the outcome.
        """
        z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
        variance = sum(g.rate * (1 - g.rate) / g.members for g in (self.paid, self.control))
        margin = z * math.sqrt(variance)
        return self.difference - margin, self.difference + margin


def lifts(*, program: Program, stretch: Stretch) -> list[Lift]:
    """For every rule with a control group: who did it in the stretch, paid and held out.

    Everybody who is a member today and was one before the stretch ended belongs to a group; doing
    it means one standing activity with the rule's verbs, values and things in the stretch.
    """
    tried = [rule for rule in program.rules if 0 < rule.holdout < 100]
    if not tried:
        return []
    present = Member.objects.present().filter(date_joined__lt=stretch.until)
    everybody = list(present.values_list("pk", flat=True))
    return [_lift(rule, everybody, _acting(rule, stretch)) for rule in tried]


def _lift(rule: Rule, everybody: Iterable[int], acting: set[int]) -> Lift:
    counts = {True: [0, 0], False: [0, 0]}
    for pk in everybody:
        group = counts[holds_out(rule, pk)]
        group[0] += 1
        group[1] += pk in acting
    return Lift(rule.code, Group(*counts[False]), Group(*counts[True]))


def _acting(rule: Rule, stretch: Stretch) -> set[int]:
    """Members with a standing fact that the rule is about, on the index (verb, -occurred_at)."""
    rows = Activity.objects.standing().filter(
        verb__in=rule.verb, occurred_at__gte=stretch.since, occurred_at__lt=stretch.until
    )
    if rule.when and rule.when.object:
        rows = rows.filter(object__startswith=rule.when.object.prefix)
    if rule.when and rule.when.value:
        given = rule.when.value.model_dump(exclude_none=True)
        rows = rows.filter(**{TESTS[name]: number for name, number in given.items()})
    return set(rows.values_list("member_id", flat=True).distinct())
