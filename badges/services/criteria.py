"""How far a member is with a badge: the criterion that is shown is the criterion that is run."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, Sum

from badges.models import Account, BadgeAward
from badges.program.schema import Badge, Criterion, Measure, Streak
from portal.activity.models import Activity
from portal.activity.models.activities import SIGN


@dataclass(frozen=True)
class Progress:
    """`current` of `target`; met when it got there."""

    current: int
    target: int

    @property
    def is_met(self) -> bool:
        return self.current >= self.target

    @property
    def percent(self) -> int:
        return min(100, max(0, self.current) * 100 // self.target) if self.target else 100


@dataclass(frozen=True)
class Viewpoint:
    """Whose activities, as of which of their days, about which object (for per-object badges)."""

    member_id: int
    day: date
    object: str = ""


def progress(badge: Badge, at: Viewpoint) -> Progress:
    """How far the member is with `badge` at a viewpoint."""
    return _measure(badge.criterion, at)


def _measure(criterion: Criterion, at: Viewpoint) -> Progress:
    if criterion.kind in ("all", "any"):
        return _combined(criterion, [_measure(part, at) for part in criterion.parts])
    if criterion.kind == "badge":
        return Progress(int(_holds(at.member_id, criterion.badge)), 1)
    if criterion.kind == "balance":
        return Progress(_peak(at.member_id, criterion.balance), criterion.at_least)
    current = {"count": _count, "sum": _sum, "distinct": _distinct, "streak": _streak}[
        criterion.kind
    ]
    return Progress(current(criterion.measure, at), criterion.at_least)


def _combined(criterion: Criterion, parts: list[Progress]) -> Progress:
    """One number for several: the share of each part, or the best of them."""
    if criterion.kind == "any":
        return max(parts, key=lambda part: (part.is_met, part.percent))
    if len(parts) == 1:
        return parts[0]
    met = sum(part.is_met for part in parts)
    return Progress(met, len(parts))


def _facts(measure: Measure, at: Viewpoint):
    rows = Activity.objects.filter(member_id=at.member_id, verb__in=measure.verb)
    if measure.object:
        rows = rows.filter(object__startswith=measure.object.prefix)
    if measure.value:
        tests = {"equals": "value", "at_least": "value__gte", "at_most": "value__lte"}
        given = measure.value.model_dump(exclude_none=True)
        rows = rows.filter(**{tests[name]: number for name, number in given.items()})
    if measure.within:
        rows = rows.filter(local_date__range=(at.day - timedelta(days=measure.within - 1), at.day))
    if getattr(measure, "per", None) == "object":
        rows = rows.filter(object=at.object).exclude(object="")
    return rows


def _count(measure: Measure, at: Viewpoint) -> int:
    return _facts(measure, at).standing_count()


def _sum(measure: Measure, at: Viewpoint) -> int:
    return _facts(measure, at).aggregate(total=Sum(SIGN * F("value")))["total"] or 0


def _distinct(measure: Measure, at: Viewpoint) -> int:
    objects = _facts(measure, at).exclude(object="").values("object")
    return objects.annotate(standing=Sum(SIGN)).filter(standing__gt=0).count()


def _streak(measure: Streak, at: Viewpoint) -> int:
    """Days with a standing fact in the run that holds the viewpoint's day, gaps up to `grace`."""
    rows = _facts(measure, at).values("local_date").annotate(standing=Sum(SIGN))
    days = sorted(rows.filter(standing__gt=0).values_list("local_date", flat=True))
    run: list[date] = []
    for day in days:
        if run and (day - run[-1]).days > measure.grace + 1:
            if run[-1] >= at.day - timedelta(days=measure.grace + 1) and day > at.day:
                break
            run = []
        run.append(day)
    reaches = run and run[-1] >= at.day - timedelta(days=measure.grace + 1)
    return len(run) if reaches else 0


def _holds(member_id: int, badge_code: str) -> bool:
    held = BadgeAward.objects.filter(owner_type="member", owner_id=member_id, revoked_at=None)
    return held.filter(badge_code=badge_code).exists()


def _peak(member_id: int, currency: str) -> int:
    wallets = Account.objects.filter(
        Q(owner_type="member", owner_id=member_id), currency=currency, kind=Account.Kind.WALLET
    )
    return wallets.values_list("peak", flat=True).first() or 0
