"""What a programme would have paid over some days, had it been in force in them.

Looking back like this differs from an application to the past (`badges.services.past`): what rules
paid or refused in those days is put aside, so that a changed rule, or two programmes, can be
compared. Places, limits, budgets, purses and badges begin as they stood before the first day.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, Sum, Value, When

from badges.models import BadgeAward, Claim, Transfer
from badges.models.owners import MEMBER
from badges.program.criteria import Measure
from badges.program.schema import Program, Rule
from badges.services.badging import BadgeRun
from badges.services.books import Book, Purse
from badges.services.gauges import Gauges, facts
from badges.services.guards import Guards, Use, period_key, period_start
from badges.services.past import Report, Retrospect, Stretch, in_order, program_with, verbs_of
from portal.activity.models import Activity

Kind = Transfer.Kind
TIMES = Sum(Case(When(amount__gt=0, then=Value(1)), default=Value(-1)))


@dataclass(frozen=True)
class Reading:
    """What members did in a stretch, in order.

    `is_short` where only the latest fitted: then `stretch` begins with the first that was read.
    """

    activities: list[Activity]
    stretch: Stretch
    is_short: bool


class GaugesBefore(Gauges):
    """Tallies that begin with what was done before a moment."""

    def __init__(self, activities: Sequence[Activity], since: datetime):
        super().__init__(activities)
        self._since = since

    def _judged_before(self, measure: Measure, members: Any) -> Any:
        rows = facts(measure, members)
        return rows.filter(occurred_at__lt=self._since, sequence__isnull=False)


class GuardsBefore(Guards):
    """Places, limits and budgets as the ledger had them before a moment."""

    def __init__(self, facts: Sequence[Activity], program: Program, since: datetime):
        self._since = since
        super().__init__(facts, program, is_dry=True)

    def _claims_now(self) -> QuerySet[Claim]:
        return super()._claims_now().filter(activity__occurred_at__lt=self._since)

    def _used(self) -> dict[tuple[int, str, str, str], Use]:
        limits = [(rule.code, limit.per) for rule in self._rules.values() for limit in rule.limit]
        used: dict[tuple[int, str, str, str], Use] = {}
        for per in {per for _code, per in limits}:
            rows = self._paid([code for code, one in limits if one == per])
            if start := period_start(per, self._since, self._program):
                rows = rows.filter(counted_at__gte=start)
            key = period_key(per, self._since, self._program)
            sums = rows.values_list("owner_id", "rule_code", "currency").annotate(
                total=Sum("amount"), times=TIMES
            )
            used |= {(*who, key): Use(amount, times) for *who, amount, times in sums}
        return used

    def _budgeted(self) -> dict[tuple[str, str], Use]:
        bounded = [rule for rule in self._rules.values() if rule.budget is not None]
        used = {(rule.code, award.currency): Use() for rule in bounded for award in rule.award}
        if used:
            rows = self._paid([rule.code for rule in bounded])
            sums = rows.values_list("rule_code", "currency").annotate(total=Sum("amount"))
            used |= {(code, currency): Use(amount) for code, currency, amount in sums}
        return used

    def _paid(self, codes: Collection[str]) -> QuerySet[Transfer]:
        return Transfer.objects.filter(
            owner_type=MEMBER,
            kind__in=Transfer.COUNTED,
            rule_code__in=codes,
            counted_at__lt=self._since,
        )


class BookBefore(Book):
    """Purses with what members had before a moment; what was the highest before is not known."""

    def __init__(self, owner_ids: Collection[int], currencies: Collection[str], since: datetime):
        super().__init__(owner_ids, currencies, is_dry=True)
        rows = Transfer.objects.filter(
            owner_type=MEMBER, currency__in=self.currencies, counted_at__gte=since
        ).exclude(kind=Kind.RELEASE)
        moved = rows.values_list("owner_id", "currency").annotate(total=Sum("amount"))
        later = {(owner_id, currency): total for owner_id, currency, total in moved}
        for pair, purse in self._purses.items():
            now = purse.wallet.balance + purse.held.balance + purse.debt.balance
            had = max(0, now - later.get(pair, 0))
            wallet = replace(purse.wallet, balance=had, peak=had)
            held, debt = replace(purse.held, balance=0), replace(purse.debt, balance=0)
            self._purses[pair] = Purse(wallet, held, debt)

    def _is_held(self, activity: Activity) -> bool:
        return False


class BadgesBefore(BadgeRun):
    """Badges over a run that is in order, for members who hold what they had before a moment."""

    def __init__(
        self,
        activities: Sequence[Activity],
        program: Program,
        book: Book,
        gauges: Gauges,
        since: datetime,
    ):
        super().__init__(activities, program, None, book, gauges, replays=True)
        self._late = {}
        self.held = {activity.member_id: set() for activity in activities}
        if not (self._watching or self._derived):
            return
        rows = BadgeAward.objects.filter(owner_type=MEMBER, revoked_at=None, awarded_at__lt=since)
        for owner_id, code, object in rows.values_list("owner_id", "badge_code", "object"):
            if owner_id in self.held:
                self.held[owner_id].add((code, object))


class Rehearsal(Retrospect):
    """A programme's run over a stretch as if it had been in force; never written."""

    def __init__(self, activities: Sequence[Activity], program: Program, stretch: Stretch):
        super().__init__(activities, None, program, stretch, is_dry=True)

    def _open_gauges(self) -> Gauges:
        return GaugesBefore(self._activities, self._stretch.since)

    def _open_book(self, members: Collection[int]) -> Book:
        return BookBefore(members, self._currencies(), self._stretch.since)

    def _open_guards(self, facts: Sequence[Activity]) -> Guards:
        return GuardsBefore(facts, self._program, self._stretch.since)

    def _open_badges(self) -> BadgeRun:
        since = self._stretch.since
        return BadgesBefore(self._activities, self._program, self._book, self._gauges, since)

    def _decided_among(self, facts: Sequence[Activity]) -> set[tuple[str, int]]:
        return set()


def read(*, programs: Collection[Program], stretch: Stretch, most: int) -> Reading:
    """What these programmes look at in a stretch, at most so many; the latest where they are more.

    On the index (verb, -occurred_at).
    """
    verbs = {verb for program in programs for verb in verbs_of(program)}
    rows = Activity.objects.filter(
        verb__in=verbs,
        occurred_at__gte=stretch.since,
        occurred_at__lt=stretch.until,
        sequence__isnull=False,
    )
    latest = list(rows.order_by("-occurred_at", "-pk")[: most + 1])
    if len(latest) <= most:
        return Reading(in_order(latest), stretch, is_short=False)
    edge = latest[most].occurred_at
    kept = [one for one in latest[:most] if one.occurred_at > edge] or latest[:most]
    return Reading(in_order(kept), replace(stretch, since=kept[-1].occurred_at), is_short=True)


def rehearse(*, program: Program, reading: Reading) -> Report:
    """What `program` would have paid and given for what was read; nothing is written."""
    return Rehearsal(reading.activities, program, reading.stretch).report()


def rehearse_rule(*, rule: Rule, program: Program, stretch: Stretch, most: int) -> tuple:
    """The same for one rule alone, on trial or not: (its Report, the Reading)."""
    alone = program_with(program, rules=[rule.after_trial()], badges=[])
    reading = read(programs=[alone], stretch=stretch, most=most)
    return rehearse(program=alone, reading=reading), reading
