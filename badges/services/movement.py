"""How far places moved since the former period of the same kind, on the boards as they stand now.

The former period's totals are kept, so a former rank is read like any other: exactly, among the
members who are listed today, with a few rows looked at however many members there are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from badges.models import PeriodTotal
from badges.models.boards import EXPERIENCE
from badges.models.owners import MEMBER
from badges.program.schema import Program, Season
from badges.services.boards import Standing
from badges.services.ranks import ranks_of
from portal.accounts.people import EVERYBODY, Circle


@dataclass(frozen=True, slots=True)
class Move:
    """The former rank of a member and how many places they gained; None: had no place."""

    former: int | None = None
    places: int = 0

    @property
    def is_new(self) -> bool:
        return self.former is None

    @property
    def distance(self) -> int:
        return abs(self.places)


@dataclass(frozen=True)
class Place(Standing):
    """A line of a board with its move; None where there is nothing to compare it with."""

    move: Move | None = None


def former_week(day: date) -> str:
    """The week before that of `day`, as totals name it."""
    year, week, _day = (day - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def former_month(day: date) -> str:
    """The month before that of `day`, as totals name it."""
    return f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"


def former_season(season: Season, program: Program) -> Season | None:
    """The latest season that was over before this one began."""
    over = [one for one in program.seasons if one.ends_on < season.starts_on]
    return max(over, key=lambda one: one.ends_on, default=None)


def with_moves(
    *boards: Sequence[Standing], former: str, among: Circle = EVERYBODY
) -> list[list[Place]]:
    """The boards, each row with its move since the period `former`; none where that was empty.

    As many statements for one row as for all of them; none where there is no former period.
    """
    shown = {row.face.pk for board in boards for row in board}
    totals = _totals_of(shown, former) if former and shown else {}
    ranks = ranks_of(totals=set(totals.values()), period=former, among=among)
    is_told = bool(ranks) or bool(former and shown and _has_anybody(former))

    def place(row: Standing) -> Place:
        move = _move(row, totals, ranks) if is_told else None
        return Place(row.rank, row.face, row.total, row.is_shared, move)

    return [[place(row) for row in board] for board in boards]


def _totals_of(owners: Iterable[int], period: str) -> dict[int, int]:
    rows = PeriodTotal.objects.filter(owner_type=MEMBER, owner_id__in=owners, total__gt=0)
    return dict(rows.filter(currency=EXPERIENCE, period=period).values_list("owner_id", "total"))


def _has_anybody(period: str) -> bool:
    return PeriodTotal.objects.filter(currency=EXPERIENCE, period=period, total__gt=0).exists()


def _move(row: Standing, totals: dict[int, int], ranks: dict[int, int]) -> Move:
    if row.face.pk not in totals:
        return Move()
    former = ranks[totals[row.face.pk]]
    return Move(former, former - row.rank)
