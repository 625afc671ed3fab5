"""The rows of a board, in its order: those on top, and those around a member.

What takes the time here is planning the statements, not running them: so they are written by hand
and go as bundles, which keep the plans of what comes often.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from badges.models.boards import EXPERIENCE
from portal.accounts.models import Member
from portal.accounts.people import EVERYBODY, FACE_COLUMNS, Circle, Face
from portal.activity.bundles import Bundle

# So many rows more than are shown are read, for those whose member is not listed.
SPARE = 3
# Of a part of the members, few are found among many.
MANY = 60
ROWS = """
SELECT owner_id, total, reached_at FROM badges_periodtotal AS t
WHERE t.currency = '{currency}' AND t.period = %s AND t.owner_type = 'member' AND t.total > 0
"""
BOARD = ROWS.format(currency=EXPERIENCE)
DOWN, UP = (
    " ORDER BY t.total DESC, t.reached_at, t.owner_id LIMIT {limit}",
    " ORDER BY t.total, t.reached_at DESC, t.owner_id DESC LIMIT {limit}",
)
# Who shares the total and came before, who has more, who came after, who has less.
SIDES = (
    (f"{BOARD} AND t.total = {{total}} AND (t.reached_at, t.owner_id) < ({{at}}, {{owner}}){UP}"),
    (f"{BOARD} AND t.total > {{total}}{UP}"),
    (f"{BOARD} AND t.total = {{total}} AND (t.reached_at, t.owner_id) > ({{at}}, {{owner}}){DOWN}"),
    (f"{BOARD} AND t.total < {{total}}{DOWN}"),
)
SIDE = "SELECT * FROM ({side}) AS side"
AROUND = """
WITH mine AS ({own})
SELECT {face}, side.total, side.reached_at, side.owner_id
FROM (SELECT * FROM mine UNION ALL {sides}) AS side
LEFT JOIN accounts_member ON accounts_member.id = side.owner_id AND {listed}
"""
MINE = {
    "total": "(SELECT total FROM mine)",
    "at": "(SELECT reached_at FROM mine)",
    "owner": "(SELECT owner_id FROM mine)",
}
FACES = """
SELECT {face}, t.total
FROM badges_periodtotal AS t JOIN accounts_member ON accounts_member.id = t.owner_id
WHERE t.currency = '{currency}' AND t.period = %s AND t.owner_type = 'member' AND t.total > 0
    AND {listed}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A listed member on a board."""

    face: Face
    total: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows that follow one another; whether first and last share their totals with those beyond."""

    rows: list[Row]
    is_tied_before: bool = False
    is_tied_after: bool = False


def rows_on_top(*, period: str, limit: int, among: Circle = EVERYBODY) -> Stretch:
    """The first `limit` members of a board, by one statement."""
    sql = FACES.format(currency=EXPERIENCE, face=FACE_COLUMNS, listed=among.listed)
    found = _fetched(sql + DOWN.format(limit=limit + 1), [period, *among.parameters])
    return _stretch([], [Row(Face.of(*face), total) for *face, total in found], limit)


def rows_around(*, member: Member, period: str, reach: int, among: Circle = EVERYBODY) -> Stretch:
    """The member with `reach` rows before and after; empty for who is not on the board.

    One statement, and others only where many around the member are not listed or not `among` them.
    """
    asked = reach + SPARE if among is EVERYBODY else reach + MANY
    while True:
        parameters = [period, member.pk, *[period] * len(SIDES), *among.parameters]
        found = _fetched(_around(asked, among), parameters)
        # The order of the board, whatever the order of the sides.
        found.sort(key=lambda row: (-row[5], row[6], row[7]))
        own = next((n for n, row in enumerate(found) if row[0] == member.pk), None)
        if own is None:
            return Stretch([])
        # No side of a tie is whole beyond so many.
        before, after = found[max(0, own - asked) : own], found[own : own + 1 + asked]
        listed_before, listed_after = _listed(before), _listed(after)
        is_short = len(before) == asked and len(listed_before) <= reach
        if not is_short and not (len(after) > asked and len(listed_after) < reach + 2):
            shown = [*listed_before[-reach:], *listed_after]
            return _stretch(listed_before[:-reach], shown, len(listed_before[-reach:]) + 1 + reach)
        asked *= 4


def _stretch(former: Sequence[Row], rows: Sequence[Row], limit: int) -> Stretch:
    shown, following = list(rows[:limit]), rows[limit:]
    return Stretch(
        shown,
        is_tied_before=bool(former) and former[-1].total == shown[0].total,
        is_tied_after=bool(following) and following[0].total == shown[-1].total,
    )


def _around(limit: int, among: Circle) -> str:
    board = BOARD + " AND t.owner_id = %s"
    sides = [SIDE.format(side=side.format(limit=limit, **MINE)) for side in SIDES]
    return AROUND.format(
        own=board, sides=" UNION ALL ".join(sides), face=FACE_COLUMNS, listed=among.listed
    )


def _listed(found: Sequence[tuple]) -> list[Row]:
    return [Row(Face.of(*row[:5]), row[5]) for row in found if row[0]]


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple]:
    return Bundle().ask(sql, list(parameters)).rows
