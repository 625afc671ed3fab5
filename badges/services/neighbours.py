"""The rows of a board, in its order: those on top, and those around a member.

The statements are written by hand: what takes the time here is planning them, not running them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from badges.models.boards import EXPERIENCE
from portal.accounts.models import Member
from portal.accounts.people import Face, listed_sql

# So many rows more than are shown are read, for those whose member is not listed.
SPARE = 3
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
SELECT accounts_member.id, handle, name, avatar, side.total, side.reached_at, side.owner_id
FROM (SELECT * FROM mine UNION ALL {sides}) AS side
LEFT JOIN accounts_member ON accounts_member.id = side.owner_id AND {listed}
"""
MINE = {
    "total": "(SELECT total FROM mine)",
    "at": "(SELECT reached_at FROM mine)",
    "owner": "(SELECT owner_id FROM mine)",
}
FACES = """
SELECT accounts_member.id, handle, name, avatar, t.total
FROM badges_periodtotal AS t JOIN accounts_member ON accounts_member.id = t.owner_id
WHERE t.currency = '{currency}' AND t.period = %s AND t.owner_type = 'member' AND t.total > 0
    AND {listed}
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A listed member on a board."""

    face: Face
    total: int


def rows_on_top(*, period: str, limit: int) -> list[Row]:
    """The first `limit` listed members, by one statement."""
    sql = FACES.format(currency=EXPERIENCE, listed=listed_sql()) + DOWN.format(limit=limit)
    return [Row(Face(*face), total) for *face, total in _fetched(sql, [period])]


def rows_around(*, member: Member, period: str, reach: int) -> tuple[list[Row], bool]:
    """The member with `reach` rows before and after; empty for who is not on the board.

    The second value says whether the first row shares its total with the one before it. One
    statement, and another only where many around the member are not listed.
    """
    asked = reach + SPARE
    while True:
        found = _fetched(_around(asked), [period, member.pk, *[period] * len(SIDES)])
        # The order of the board, whatever the order of the sides.
        found.sort(key=lambda row: (-row[4], row[5], row[6]))
        own = next((n for n, row in enumerate(found) if row[0] == member.pk), None)
        if own is None:
            return [], False
        # No side of a tie is whole beyond so many.
        before, after = found[max(0, own - asked) : own], found[own + 1 : own + 1 + asked]
        listed_before, listed_after = _listed(before), _listed(after)
        is_short = len(before) == asked and len(listed_before) <= reach
        if not is_short and not (len(after) == asked and len(listed_after) < reach):
            shown = [*listed_before[-reach:], *_listed([found[own]]), *listed_after[:reach]]
            former = listed_before[-reach - 1 : -reach]
            return shown, bool(former) and former[0].total == shown[0].total
        asked *= 2


def _around(limit: int) -> str:
    sides = [SIDE.format(side=side.format(limit=limit, **MINE)) for side in SIDES]
    own = f"{BOARD} AND t.owner_id = %s"
    return AROUND.format(own=own, sides=" UNION ALL ".join(sides), listed=listed_sql())


def _listed(found: Sequence[tuple]) -> list[Row]:
    return [Row(Face(*row[:4]), row[4]) for row in found if row[0]]


def _fetched(sql: str, parameters: Sequence[Any]) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()
