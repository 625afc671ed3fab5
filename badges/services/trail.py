"""Who changed, published, applied, adjusted and revoked what, and when: read from what was done.

There is no log beside the facts: versions, applications, adjustments, awards and redemptions say
themselves what became of them, and what would leave nothing behind is a `DraftStep` or a
`RewardStep`. Each source is read by one statement on its own index, whatever page is asked for.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Coalesce

from badges.models import (
    Adjustment,
    Application,
    BadgeAward,
    DraftStep,
    ProgramVersion,
    RedemptionStep,
    RewardStep,
)
from badges.models.owners import MEMBER
from badges.models.redemptions import Redemption
from portal.accounts.models import Member

PER_PAGE = 50
EVERY = Q()


@dataclass(frozen=True)
class Deed:
    """One thing that somebody did; `row` is the fact that says so."""

    kind: str
    at: datetime
    actor_id: int | None
    row: Any

    @property
    def mark(self) -> str:
        """Names the place after this deed: the next page begins there."""
        return f"{self.at.isoformat()}~{self.kind}~{self.row.pk}"


@dataclass(frozen=True)
class Leaf:
    """Some deeds, the newest first, with everybody whom they name; `after` begins the next ones."""

    deeds: list[Deed]
    people: dict[int, Member]
    after: str


@dataclass(frozen=True)
class Source:
    """Rows that are deeds of one kind, by the columns of the time and of who did it."""

    kind: str
    part: str
    at: str
    actor: str
    model: type[Model]
    related: tuple[str, ...] = ()
    condition: Q = EVERY

    def rows(self) -> QuerySet:
        rows = self.model._default_manager.filter(self.condition).filter(
            **{f"{self.at}__isnull": False}
        )
        if self.kind == "decided":
            rows = rows.annotate(decider=Coalesce("decided_by_id", "asked_by_id"))
        return rows.select_related(*self.related)

    def deeds(self, by: Iterable[int] | None, mark: "Mark | None", limit: int) -> list[Deed]:
        rows = self.rows().order_by(f"-{self.at}", "-pk")
        if by is not None:
            rows = rows.filter(**{f"{self.actor}__in": by})
        if mark:
            rows = rows.filter(mark.after(self))
        return [
            Deed(self.kind, getattr(row, self.at), getattr(row, self.actor), row)
            for row in rows[:limit]
        ]


SOURCES = (
    Source("published", "program", "published_at", "published_by_id", ProgramVersion),
    Source("draft", "program", "taken_at", "taken_by_id", DraftStep),
    Source("applied", "past", "applied_at", "applied_by_id", Application, ("version",)),
    Source("undone", "past", "undone_at", "undone_by_id", Application, ("version",)),
    Source("asked", "adjustments", "asked_at", "asked_by_id", Adjustment, ("words",)),
    Source(
        "decided",
        "adjustments",
        "decided_at",
        "decider",
        Adjustment,
        ("words",),
        Q(decided_by__isnull=False) | Q(is_approved=False),
    ),
    Source(
        "revoked",
        "badges",
        "revoked_at",
        "revoked_by_id",
        BadgeAward,
        condition=Q(owner_type=MEMBER),
    ),
    Source(
        "redemption",
        "rewards",
        "taken_at",
        "actor_id",
        RedemptionStep,
        ("redemption__reward",),
        # Who shows a code to themselves is not of the team.
        Q(state__in=[Redemption.State.GIVEN, Redemption.State.RETURNED])
        & ~Q(actor=F("redemption__member")),
    ),
    Source("reward", "rewards", "taken_at", "taken_by_id", RewardStep, ("reward",)),
)
PARTS = tuple(dict.fromkeys(source.part for source in SOURCES))
ORDER = {source.kind: place for place, source in enumerate(SOURCES)}


@dataclass(frozen=True)
class Mark:
    """A place in the order of deeds: time downwards, kind, number downwards."""

    at: datetime
    kind: str
    pk: int

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark that a page was given, or nothing where it makes no sense."""
        moment, _tilde, rest = text.partition("~")
        kind, _tilde, number = rest.partition("~")
        try:
            at = datetime.fromisoformat(moment)
        except ValueError:
            return None
        is_whole = at.tzinfo and kind in ORDER and number.isdecimal() and len(number) < 19
        return cls(at, kind, int(number)) if is_whole else None

    def after(self, source: Source) -> Q:
        """The rows of a source that come after this place."""
        earlier = Q(**{f"{source.at}__lt": self.at})
        if ORDER[source.kind] > ORDER[self.kind]:
            return earlier | Q(**{source.at: self.at})
        if source.kind == self.kind:
            return earlier | Q(**{source.at: self.at, "pk__lt": self.pk})
        return earlier


def trail(
    *, part: str = "", by: Iterable[int] | None = None, after: str = "", limit: int = PER_PAGE
) -> Leaf:
    """What was done in one part of the programme or in all, by some people or by anybody.

    As many statements as there are kinds of deeds in the part, and one for the people.
    """
    mark = Mark.read(after)
    deeds: list[Deed] = []
    for source in SOURCES:
        if part in ("", source.part):
            deeds += source.deeds(by, mark, limit + 1)
    deeds.sort(key=lambda deed: (ORDER[deed.kind], -deed.row.pk))
    deeds.sort(key=lambda deed: deed.at, reverse=True)
    shown = deeds[:limit]
    people = Member.objects.in_bulk({pk for deed in shown for pk in _people(deed) if pk})
    return Leaf(shown, people, shown[-1].mark if len(deeds) > limit else "")


def subject_of(deed: Deed) -> int | None:
    """The member to whom a deed was done, if it was done to one."""
    if deed.kind == "revoked":
        return deed.row.owner_id
    if deed.kind == "redemption":
        return deed.row.redemption.member_id
    return getattr(deed.row, "member_id", None)


def _people(deed: Deed) -> tuple[int | None, int | None]:
    return deed.actor_id, subject_of(deed)
