"""Giving the badges that are due: at each step of a run, over the whole log where facts come late.

A badge is due if its criterion is met at any point of the log's order (the time of the fact, facts
before what undoes them, then the key). Facts mostly come in that order, and then a step needs no
more than what the step changes. When one comes late, the member's log is replayed from its start.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from badges.models import BadgeAward
from badges.program.criteria import Measure
from badges.program.schema import Badge, Program
from badges.services.books import Book
from badges.services.criteria import held_badges, progress
from badges.services.gauges import Gauges, Tally
from portal.activity.models import Activity


@dataclass(frozen=True)
class Step:
    """A member after one activity of a run: what `progress` is measured against."""

    run: "BadgeRun"
    activity: Activity

    def measured(self, kind: str, measure: Measure) -> int:
        one = self.activity
        return self.run.gauges.reading(
            kind, measure, member_id=one.member_id, day=one.local_date, object=one.object
        )

    def peak(self, currency: str) -> int:
        return self.run.book.purse(self.activity.member_id, currency).wallet.peak

    def holds(self, badge_code: str) -> bool:
        held = self.run.held[self.activity.member_id]
        return any(code == badge_code for code, _object in held)


@dataclass(frozen=True)
class Replayed(Step):
    """The same in a log that is replayed, with tallies of its own."""

    tallies: dict[str, Tally]

    def measured(self, kind: str, measure: Measure) -> int:
        tally = self.tallies.setdefault(f"{kind} {measure.key}", Tally(kind, measure))
        return tally.read(self.activity.local_date, self.activity.object)


class BadgeRun:
    """Gives badges for a run of activities, which come in the order of their numbers.

    `book` holds the members' purses in every currency that criteria ask about. With `replays` the
    whole log of every member is gone through, for badges that are new to it.
    """

    def __init__(
        self,
        activities: Sequence[Activity],
        program: Program,
        version: int | None,
        book: Book,
        gauges: Gauges,
        *,
        replays: bool = False,
    ):
        self._program, self._version = program, version
        self.book, self.gauges = book, gauges
        verbs = {activity.verb for activity in activities}
        self._watching = [badge for badge in program.badges if badge.verbs & verbs]
        self._derived = [badge for badge in program.badges if badge.is_derived]
        self.held: dict[int, set[tuple[str, str]]] = {}
        self._late: dict[int, Activity] = {}
        if self._watching or self._derived:
            self.held = held_badges({activity.member_id for activity in activities})
        self._ids: dict[int, list[int]] = defaultdict(list)
        for activity in activities if self._watching else ():
            self._ids[activity.member_id].append(activity.pk)
        if replays and self._watching:
            self._late = {activity.member_id: activity for activity in activities}
        elif self._watching:
            self._late = _late_members(activities)
        self._given: list[BadgeAward] = []

    def give(self, activity: Activity, *, earned: bool) -> list[BadgeAward]:
        """The badges that an activity, and what it earned, makes due.

        Badges that need balances or other badges are looked at again until nothing more is given.
        """
        if not self._watching and not self._derived:
            return []
        late = self._late.get(activity.member_id)
        if late is None:
            given = self._due(Step(self, activity), self._watching)
        else:
            given = self._replay(activity) if late is activity else []
        again = earned or bool(given)
        while again:
            more = self._due(Step(self, activity), self._derived)
            given += more
            again = bool(more)
        self._given += given
        return given

    def write(self) -> None:
        """Put down what was given; the database refuses a badge that is held."""
        if self._given:
            BadgeAward.objects.bulk_create(self._given)
            self._given = []

    def _due(self, step: Step, badges: Sequence[Badge]) -> list[BadgeAward]:
        activity = step.activity
        held = self.held[activity.member_id] if badges else set()
        given = []
        for badge in badges:
            object = activity.object if badge.repeatable else ""
            if (badge.code, object) in held or not self._may_be_due(badge, activity):
                continue
            if progress(badge, step).is_met:
                held.add((badge.code, object))
                given.append(self._award(badge, object, activity))
        return given

    def _may_be_due(self, badge: Badge, activity: Activity) -> bool:
        """Only what an activity changes can become due by it."""
        return badge.is_derived or activity.verb in badge.verbs

    def _award(self, badge: Badge, object: str, activity: Activity) -> BadgeAward:
        return BadgeAward(
            owner_id=activity.member_id,
            badge_code=badge.code,
            object=object,
            activity=activity,
            program_id=self._version,
            awarded_at=activity.occurred_at,
        )

    def _replay(self, activity: Activity) -> list[BadgeAward]:
        """Go through the member's whole log in its order, as far as open badges look at it."""
        held = self.held[activity.member_id]
        open_ones = [
            badge for badge in self._watching if badge.repeatable or (badge.code, "") not in held
        ]
        verbs = {verb for badge in open_ones for verb in badge.verbs}
        known = Q(sequence__isnull=False) | Q(pk__in=self._ids[activity.member_id])
        rows = Activity.objects.filter(known, member_id=activity.member_id, verb__in=verbs)
        tallies = {
            f"{part.kind} {part.measure.key}": Tally(part.kind, part.measure)
            for badge in open_ones
            for part in badge.criterion.walk()
            if part.measure
        }
        given: list[BadgeAward] = []
        for row in sorted(rows, key=place):
            for tally in tallies.values():
                tally.add(row)
            given += self._due(Replayed(self, row, tallies), open_ones)
        return given


def place(activity: Activity) -> tuple[datetime, bool, str]:
    """Where an activity stands in the order of its log."""
    return activity.occurred_at, activity.depth > 0, activity.key


def _late_members(activities: Sequence[Activity]) -> dict[int, Activity]:
    """Members of whom something came after what happened later, each with their last activity."""
    before = Activity.objects.filter(
        member_id__in={activity.member_id for activity in activities},
        occurred_at__gte=min(activity.occurred_at for activity in activities),
        sequence__isnull=False,
    ).exclude(pk__in=[activity.pk for activity in activities])
    latest = dict(before.values_list("member_id").annotate(latest=Max("occurred_at")))
    last: dict[int, Activity] = {}
    late: set[int] = set()
    for activity in activities:
        former, known = last.get(activity.member_id), latest.get(activity.member_id)
        if former is None and known is not None and activity.occurred_at <= known:
            late.add(activity.member_id)
        if former is not None and place(activity) < place(former):
            late.add(activity.member_id)
        last[activity.member_id] = activity
    return {member_id: last[member_id] for member_id in late}
