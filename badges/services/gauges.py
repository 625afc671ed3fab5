"""What criteria measure: counts, sums, distinct objects and streaks over a member's log.

A tally is a projection of the log that can be read from the database once and then carried on in
memory, fact by fact; read from nothing it replays a whole log.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import F, Sum

from badges.program.criteria import Measure, Streak
from portal.activity.models import Activity
from portal.activity.models.activities import SIGN

TESTS = {"equals": "value", "at_least": "value__gte", "at_most": "value__lte"}


@dataclass(slots=True)
class Tally:
    """What one measure comes to for one member, by object and day where the measure asks."""

    kind: str
    measure: Measure
    sums: dict[tuple[str, date | None], int] = field(default_factory=dict)

    def add(self, activity: Activity) -> None:
        """Carry on with one more row of the log, a fact or what undoes it."""
        if not concerns(self.measure, activity) or (self.by_object and not activity.object):
            return
        sign = -1 if activity.depth % 2 else 1
        amount = sign * activity.value if self.kind == "sum" else sign
        self.put(activity.object, activity.local_date, amount)

    def put(self, object: str, day: date, amount: int) -> None:
        key = (object if self.by_object else "", day if self.by_day else None)
        self.sums[key] = self.sums.get(key, 0) + amount

    @property
    def by_object(self) -> bool:
        return self.kind == "distinct" or _is_per_object(self.measure)

    @property
    def by_day(self) -> bool:
        return self.kind == "streak" or self.measure.within is not None

    def read(self, day: date, object: str = "") -> int:
        """What it comes to, seen from a day and, for measures per object, from an object."""
        if self.kind == "streak":
            return self._streak(day)
        if self.kind == "distinct":
            return self._distinct(day)
        wanted = object if self.by_object else ""
        if not self.by_day:
            return self.sums.get((wanted, None), 0)
        return sum(
            amount
            for (one, when), amount in self.sums.items()
            if one == wanted and self._is_within(when, day)
        )

    def _is_within(self, when: date | None, day: date) -> bool:
        """Without a stretch of days everything is; with one, sums are kept by day."""
        if self.measure.within is None or when is None:
            return True
        return day - timedelta(days=self.measure.within - 1) <= when <= day

    def _distinct(self, day: date) -> int:
        standing: dict[str, int] = {}
        for (object, when), amount in self.sums.items():
            if self._is_within(when, day):
                standing[object] = standing.get(object, 0) + amount
        return sum(1 for amount in standing.values() if amount > 0)

    def _streak(self, day: date) -> int:
        """Days with a standing fact in the run that holds `day`, with gaps up to `grace`."""
        grace = self.measure.grace if isinstance(self.measure, Streak) else 0
        step = timedelta(days=grace + 1)
        days = sorted(when for (_object, when), amount in self.sums.items() if when and amount > 0)
        run: list[date] = []
        for one in days:
            if run and one - run[-1] > step:
                if run[-1] >= day - step and one > day:
                    break
                run = []
            run.append(one)
        return len(run) if run and run[-1] >= day - step else 0


class Gauges:
    """Tallies for the members of a run, up to and with the activities that were added.

    The database is asked once for each measure, for all members of the run together, and only for
    what was judged before: rows of the run itself come in through `add`, in their order. A run
    that is whole holds all rows that its measures look at, and asks for nothing.
    """

    def __init__(self, activities: Sequence[Activity], *, is_whole: bool = False):
        self._run, self._is_whole = activities, is_whole
        self._tallies: dict[tuple[str, str], dict[int, Tally]] = {}
        self._added: list[Activity] = []

    def add(self, activity: Activity) -> None:
        """Let an activity count from here on."""
        self._added.append(activity)
        for tallies in self._tallies.values():
            tallies[activity.member_id].add(activity)

    def reading(
        self, kind: str, measure: Measure, *, member_id: int, day: date, object: str = ""
    ) -> int:
        """What `measure` comes to now; `kind` is count, sum, distinct or streak."""
        key = (kind, measure.key)
        if key not in self._tallies:
            self._tallies[key] = self._read(kind, measure)
        return self._tallies[key][member_id].read(day, object)

    def _read(self, kind: str, measure: Measure) -> dict[int, Tally]:
        members = {activity.member_id for activity in self._run}
        tallies = {member_id: Tally(kind, measure) for member_id in members}
        if not self._is_whole:
            fill(tallies, self._judged_before(measure, members))
        for activity in self._added:
            tallies[activity.member_id].add(activity)
        return tallies

    def _judged_before(self, measure: Measure, members: Iterable[int]) -> models.QuerySet[Activity]:
        rows = facts(measure, members).exclude(pk__in=[activity.pk for activity in self._run])
        rows = rows.filter(sequence__isnull=False)
        if _is_per_object(measure):
            rows = rows.filter(object__in={activity.object for activity in self._run})
        return rows


def tally_of(kind: str, measure: Measure, member_id: int) -> Tally:
    """What a measure comes to for one member, over their whole log."""
    tally = Tally(kind, measure)
    fill({member_id: tally}, facts(measure, [member_id]))
    return tally


def facts(measure: Measure, member_ids: Iterable[int]) -> Any:
    """The rows of these members' logs that a measure looks at."""
    rows = Activity.objects.filter(member_id__in=member_ids, verb__in=measure.verb)
    if measure.object:
        rows = rows.filter(object__startswith=measure.object.prefix)
    if measure.value:
        given = measure.value.model_dump(exclude_none=True)
        rows = rows.filter(**{TESTS[name]: number for name, number in given.items()})
    return rows


def fill(tallies: dict[int, Tally], rows: Any) -> None:
    """Add grouped rows of the log to the tallies of their members; one query."""
    sample = next(iter(tallies.values()))
    names = ["member_id"]
    names += ["object"] if sample.by_object else []
    names += ["local_date"] if sample.by_day else []
    if sample.by_object:
        rows = rows.exclude(object="")
    amount = Sum(SIGN * F("value")) if sample.kind == "sum" else Sum(SIGN)
    for row in rows.values(*names).annotate(amount=amount):
        tally = tallies[row["member_id"]]
        tally.put(row.get("object", ""), row.get("local_date"), row["amount"])


def concerns(measure: Measure, activity: Activity) -> bool:
    """Whether a measure looks at an activity."""
    return (
        activity.verb in measure.verb
        and (measure.object is None or activity.object.startswith(measure.object.prefix))
        and (measure.value is None or measure.value.holds(activity.value))
    )


def _is_per_object(measure: Measure) -> bool:
    return getattr(measure, "per", None) == "object"
