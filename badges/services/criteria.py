"""How far a member is with a badge: the criterion that is shown is the criterion that is run."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from badges.models import Account, BadgeAward
from badges.models.owners import MEMBER
from badges.program.criteria import Criterion, Measure
from badges.program.schema import Badge
from badges.services.gauges import tally_of

# More members than this are not named in a statement.
MOST = 2_000


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


class Evidence(Protocol):
    """What criteria are measured against: a member's log, balances and badges, as of a point."""

    def measured(self, kind: str, measure: Measure) -> int: ...

    def peak(self, currency: str) -> int: ...

    def holds(self, badge_code: str) -> bool: ...


@dataclass(frozen=True)
class Now:
    """A member as the database knows them on `day`, one of their days; for progress shown."""

    member_id: int
    day: date

    def measured(self, kind: str, measure: Measure) -> int:
        return tally_of(kind, measure, self.member_id).read(self.day)

    def peak(self, currency: str) -> int:
        wallets = Account.objects.filter(
            owner_type=MEMBER,
            owner_id=self.member_id,
            currency=currency,
            kind=Account.Kind.WALLET,
        )
        return wallets.values_list("peak", flat=True).first() or 0

    def holds(self, badge_code: str) -> bool:
        held = held_badges([self.member_id])[self.member_id]
        return any(code == badge_code for code, _object in held)


def progress(badge: Badge, evidence: Evidence) -> Progress:
    """How far somebody is with `badge`."""
    return _measure(badge.criterion, evidence)


def held_badges(member_ids: Collection[int]) -> dict[int, set[tuple[str, str]]]:
    """The (badge, object) pairs that members hold, by member; one query."""
    rows = BadgeAward.objects.filter(owner_type=MEMBER, revoked_at=None)
    if len(member_ids) <= MOST:
        rows = rows.filter(owner_id__in=member_ids)
    held: dict[int, set[tuple[str, str]]] = {member_id: set() for member_id in member_ids}
    for owner_id, code, object in rows.values_list("owner_id", "badge_code", "object"):
        if owner_id in held:
            held[owner_id].add((code, object))
    return held


def _measure(criterion: Criterion, evidence: Evidence) -> Progress:
    if criterion.badge:
        return Progress(int(evidence.holds(criterion.badge)), 1)
    if criterion.balance:
        return Progress(evidence.peak(criterion.balance), criterion.goal)
    if criterion.measure:
        return Progress(evidence.measured(criterion.kind, criterion.measure), criterion.goal)
    return _combined(criterion, [_measure(part, evidence) for part in criterion.parts])


def _combined(criterion: Criterion, parts: list[Progress]) -> Progress:
    """One number for several: the share of each part, or the best of them."""
    if criterion.kind == "any":
        return max(parts, key=lambda part: (part.is_met, part.percent))
    if len(parts) == 1:
        return parts[0]
    met = sum(part.is_met for part in parts)
    return Progress(met, len(parts))
