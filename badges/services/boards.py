"""Period totals and standing: exact at read time, kept in the ledger's own transaction."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

from badges.models import PeriodTotal, Transfer
from badges.models.boards import EVER, EXPERIENCE
from badges.program.schema import Program
from badges.services.neighbours import Stretch, rows_around, rows_on_top
from badges.services.ranks import ranks_of
from portal.accounts.models import Member
from portal.accounts.people import EVERYBODY, Circle, Face
from portal.activity.bundles import Bundle
from portal.activity.rows import add_up

TOP = 10
AROUND = 2


@dataclass(frozen=True)
class Standing:
    """One line of a board; `is_shared` where others have as much."""

    rank: int
    face: Face
    total: int
    is_shared: bool = False


def week_of(moment: datetime, program: Program) -> str:
    year, week, _day = moment.astimezone(program.zone).isocalendar()
    return f"{year}-W{week:02}"


def month_of(moment: datetime, program: Program) -> str:
    return f"{moment.astimezone(program.zone):%Y-%m}"


def periods_of(moment: datetime, program: Program, currency: str) -> list[str]:
    """The periods that a moment counts in, in the programme's zone.

    Boards are about experience; of other currencies only weeks are held against one another.
    """
    if currency != EXPERIENCE:
        return [week_of(moment, program)]
    season = program.season_at(moment.astimezone(program.zone).date())
    periods = [EVER, month_of(moment, program), week_of(moment, program)]
    return [*periods, f"season:{season.code}"] if season else periods


class PeriodSums:
    """What transfers add to their owners' totals in each period, gathered and written at once."""

    def __init__(self) -> None:
        self._sums: dict[tuple, tuple[int, datetime]] = {}
        self._periods: dict[tuple[datetime, str], list[str]] = {}

    def add(self, transfer: Transfer, program: Program) -> None:
        """Count a transfer in the periods of `program`'s zone and seasons."""
        reached, currency = transfer.activity.occurred_at, transfer.currency
        periods = self._periods.get((transfer.counted_at, currency))
        if periods is None:
            periods = periods_of(transfer.counted_at, program, currency)
            self._periods[transfer.counted_at, currency] = periods
        for period in periods:
            key = (transfer.owner_type, transfer.owner_id, currency, period)
            total, latest = self._sums.get(key, (0, reached))
            self._sums[key] = (total + transfer.amount, max(latest, reached))

    def write(self, bundle: Bundle) -> None:
        """Add what was gathered to the stored totals, with the bundle."""
        keys = ["owner_type", "owner_id", "currency", "period"]
        sums, latest = ["total"], ["reached_at"]
        add_up(PeriodTotal, self._sums, keys=keys, sums=sums, latest=latest, bundle=bundle)
        self._sums = {}


def top(*, period: str, limit: int = TOP, among: Circle = EVERYBODY) -> list[Standing]:
    """The first `limit` members; equal totals share a rank, listed by who was there first."""
    return _in_order(rows_on_top(period=period, limit=limit, among=among), first_rank=1)


def around(*, member: Member, period: str, among: Circle = EVERYBODY) -> list[Standing]:
    """The member with the two before and the two after them; empty for who is not on the board."""
    stretch = rows_around(member=member, period=period, reach=AROUND, among=among)
    totals = [row.total for row in stretch.rows]
    if not stretch.is_tied_before:
        ranks = ranks_of(totals=totals[:1], period=period, among=among)
        return _in_order(stretch, first_rank=ranks[totals[0]]) if totals else []
    # The second rank cannot be told from the first, as nobody knows how many share that.
    ranks = ranks_of(totals=set(totals), period=period, among=among)
    standings = _in_order(stretch, first_rank=ranks[totals[0]])
    return [replace(standing, rank=ranks[standing.total]) for standing in standings]


def _in_order(stretch: Stretch, *, first_rank: int) -> list[Standing]:
    """Ranks 1-2-2-4: a row has its predecessor's rank when equal, else its place in the order."""
    shared = Counter(row.total for row in stretch.rows)
    shared.update(row.total for row in stretch.rows[:1] if stretch.is_tied_before)
    shared.update(row.total for row in stretch.rows[-1:] if stretch.is_tied_after)
    standings: list[Standing] = []
    for place, row in enumerate(stretch.rows, first_rank):
        tied = standings and standings[-1].total == row.total
        rank = standings[-1].rank if tied else place
        standings.append(Standing(rank, row.face, row.total, shared[row.total] > 1))
    return standings
