"""What the draft would have cost over some days, beside what is in force."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from badges.models import ProgramVersion
from badges.program.schema import Program, Rule
from badges.services.past import Report, Stretch
from badges.services.programs import Desk
from badges.services.rehearsing import read, rehearse, rehearse_rule
from badges.services.stretches import stretch_of

# So many activities a page reads: some seconds of work. A form that is being filled in reads fewer.
PAGE_MOST = 10_000
LIVE_MOST = 2_000
LIVE_DAYS = 30


@dataclass(frozen=True)
class Side:
    """One programme and what it would have done."""

    program: Program
    report: Report


@dataclass(frozen=True)
class Shift:
    """How much more, or less, a member would have got, by currency; what can be spent comes first.

    Whether that is more or less is what the first of them says.
    """

    member_id: int
    amounts: dict[str, int]

    @property
    def weight(self) -> tuple[int, ...]:
        return tuple(self.amounts.values())

    @property
    def is_gain(self) -> bool:
        return next(amount for amount in self.amounts.values() if amount) > 0


@dataclass(frozen=True)
class Forecast:
    """The draft over a stretch; `in_force` is None where there is nothing to compare it with."""

    draft: Side
    in_force: Side | None
    stretch: Stretch
    is_short: bool

    def shifts(self) -> list[Shift]:
        """Members to whom the draft makes a difference: who gains most first, then who loses."""
        if self.in_force is None:
            return []
        more = Counter(self.draft.report.by_member)
        more.subtract(self.in_force.report.by_member)
        currencies = self.draft.program.currencies | self.in_force.program.currencies
        order = sorted(currencies, key=lambda code: not currencies[code].spendable)
        found = [
            Shift(member_id, {code: more[member_id, code] for code in order})
            for member_id in sorted({member_id for (member_id, _code), n in more.items() if n})
        ]
        return sorted(found, key=lambda shift: shift.weight, reverse=True)


def forecast(*, desk: Desk, since: date, until: date, most: int = PAGE_MOST) -> Forecast:
    """Rehearse what is on the desk, and where it is a draft what is in force, over these days.

    Days are the draft's, both included; with more than `most` activities only the latest are read.
    """
    stretch = stretch_of(desk.program, since=since.isoformat(), until=until.isoformat())
    version, program = ProgramVersion.objects.current()
    is_compared = desk.is_draft and version is not None
    programs = [desk.program, program] if is_compared else [desk.program]
    reading = read(programs=programs, stretch=stretch, most=most)
    draft, *others = [Side(one, rehearse(program=one, reading=reading)) for one in programs]
    return Forecast(draft, others[0] if others else None, reading.stretch, reading.is_short)


@dataclass(frozen=True)
class RuleCost:
    """What one rule alone would have paid lately."""

    amounts: dict[str, int]
    members: int
    times: int
    stretch: Stretch
    is_short: bool


def rule_cost(*, rule: Rule, program: Program, most: int = LIVE_MOST) -> RuleCost:
    """What `rule` would have paid in the last 30 days, from at most `most` activities."""
    now = timezone.now()
    stretch = Stretch(now - timedelta(days=LIVE_DAYS), now)
    report, reading = rehearse_rule(rule=rule, program=program, stretch=stretch, most=most)
    return RuleCost(
        dict(report.amounts),
        len(report.members),
        report.times[rule.code],
        reading.stretch,
        reading.is_short,
    )


def badge_counts(report: Report) -> Counter:
    """How many members would have been given each badge, by code."""
    return Counter(code for _member_id, code in report.badges)
