"""Period totals and standing: exact at read time, kept in the ledger's own transaction."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from badges.models import PeriodTotal, Transfer
from badges.models.boards import EVER
from badges.models.owners import MEMBER
from badges.program.schema import Program
from portal.accounts.models import Member
from portal.activity.rows import Bundle, add_up

TOP = 10
AROUND = 2


@dataclass(frozen=True)
class Standing:
    """One line of a board."""

    rank: int
    member: Member
    total: int


def week_of(moment: datetime, program: Program) -> str:
    year, week, _day = moment.astimezone(program.zone).isocalendar()
    return f"{year}-W{week:02}"


def month_of(moment: datetime, program: Program) -> str:
    return f"{moment.astimezone(program.zone):%Y-%m}"


def periods_of(moment: datetime, program: Program) -> list[str]:
    """The periods that a moment counts in, in the programme's zone."""
    season = program.season_at(moment.astimezone(program.zone).date())
    periods = [EVER, month_of(moment, program), week_of(moment, program)]
    return [*periods, f"season:{season.code}"] if season else periods


class PeriodSums:
    """What transfers add to their owners' totals in each period, gathered and written at once."""

    def __init__(self) -> None:
        self._sums: dict[tuple, tuple[int, datetime]] = {}

    def add(self, transfer: Transfer, program: Program) -> None:
        """Count a transfer in the periods of `program`'s zone and seasons."""
        reached = transfer.activity.occurred_at
        for period in periods_of(transfer.counted_at, program):
            key = (transfer.owner_type, transfer.owner_id, transfer.currency, period)
            total, latest = self._sums.get(key, (0, reached))
            self._sums[key] = (total + transfer.amount, max(latest, reached))

    def write(self, bundle: Bundle) -> None:
        """Add what was gathered to the stored totals, with the bundle."""
        keys = ["owner_type", "owner_id", "currency", "period"]
        sums, latest = ["total"], ["reached_at"]
        add_up(PeriodTotal, self._sums, keys=keys, sums=sums, latest=latest, bundle=bundle)
        self._sums = {}


def total(*, member: Member, currency: str, period: str) -> int:
    rows = PeriodTotal.objects.of(member).filter(currency=currency, period=period)
    return rows.values_list("total", flat=True).first() or 0


def _board(currency: str, period: str) -> Any:
    listed = Member.objects.listed().values("pk")
    rows = PeriodTotal.objects.filter(currency=currency, period=period, owner_type=MEMBER)
    return rows.filter(total__gt=0, owner_id__in=listed)


def _ordered(rows: Any) -> Any:
    return rows.order_by("-total", "reached_at", "owner_id")


def top(*, currency: str, period: str, limit: int = TOP) -> list[Standing]:
    """The first `limit` members; equal totals share a rank, listed by who was there first."""
    rows = list(_ordered(_board(currency, period))[:limit])
    return _with_members(rows, first_rank=1)


def around(*, member: Member, currency: str, period: str) -> list[Standing]:
    """The member with the two before and the two after them; empty for who is not on the board."""
    board = _board(currency, period)
    mine = board.filter(owner_id=member.pk).first()
    if mine is None:
        return []
    before = _before(board, mine).order_by("total", "-reached_at", "-owner_id")[:AROUND]
    after = _ordered(_after(board, mine))[:AROUND]
    rows = [*reversed(before), mine, *after]
    first = rows[0]
    rank = 1 + board.filter(total__gt=first.total).count()
    return _with_members(rows, first_rank=rank, skipped=_tied_before(board, first))


def _tied_before(board: Any, row: Any) -> int:
    return _before(board, row).filter(total=row.total).count()


def _before(board: Any, row: Any) -> Any:
    earlier = Q(reached_at__lt=row.reached_at) | Q(
        reached_at=row.reached_at, owner_id__lt=row.owner_id
    )
    return board.filter(Q(total__gt=row.total) | Q(total=row.total) & earlier)


def _after(board: Any, row: Any) -> Any:
    later = Q(reached_at__gt=row.reached_at) | Q(
        reached_at=row.reached_at, owner_id__gt=row.owner_id
    )
    return board.filter(Q(total__lt=row.total) | Q(total=row.total) & later)


def _with_members(rows: Any, *, first_rank: int, skipped: int = 0) -> list[Standing]:
    """Ranks 1-2-2-4: a row has its predecessor's rank when equal, else its place in the order."""
    members = Member.objects.in_bulk([row.owner_id for row in rows])
    standings: list[Standing] = []
    for place, row in enumerate(rows, first_rank + skipped):
        tied = standings and standings[-1].total == row.total
        rank = standings[-1].rank if tied else (first_rank if not standings else place)
        standings.append(Standing(rank, members[row.owner_id], row.total))
    return standings
