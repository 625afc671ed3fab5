"""Where totals stand on a board: exact at every read, and no row that many awards would share.

A rank starts at the nearest mark above (`BoardMark`), adds the counted members up to there and
corrects by the few whose total or whose place in lists the marks do not know yet. Only
`badges.services.marks` moves marks; whoever writes totals knows nothing of them.
"""

from collections.abc import Collection
from typing import Any

from badges.models.boards import EXPERIENCE
from portal.accounts.models import Member
from portal.accounts.people import EVERYBODY, Circle, listed_sql
from portal.activity.bundles import Bundle

# Every total is below.
END = 2**63 - 1
RANKS = """
WITH asked(total) AS ({asked}),
moved AS (
    SELECT total, counted, is_counted, {is_listed} AS is_listed
    FROM badges_periodtotal AS t WHERE period = %s AND is_moved
    {changed}
)
SELECT asked.total, 1 + COALESCE((
    SELECT above FROM badges_boardmark
    WHERE period = %s AND total >= asked.total ORDER BY total LIMIT 1
), 0) + (
    SELECT COUNT(*) FROM badges_periodtotal
    WHERE period = %s AND is_counted AND counted > asked.total AND counted <= COALESCE((
        SELECT total FROM badges_boardmark
        WHERE period = %s AND total >= asked.total ORDER BY total LIMIT 1
    ), {end})
) + (
    SELECT COALESCE(SUM(
        CASE WHEN total > asked.total AND is_listed THEN 1 ELSE 0 END
        - CASE WHEN is_counted AND counted > asked.total THEN 1 ELSE 0 END
    ), 0) FROM moved
)
FROM asked
"""
COUNTED = """
WITH asked(total) AS ({asked})
SELECT asked.total, 1 + (
    SELECT COUNT(*) FROM badges_periodtotal AS t
    JOIN accounts_member ON accounts_member.id = t.owner_id
    WHERE t.currency = '{currency}' AND t.period = %s AND t.owner_type = 'member'
        AND t.total > asked.total AND {listed}
) FROM asked
"""
CHANGES = "SELECT DISTINCT owner_id FROM badges_listingchange"
CHANGED = """UNION ALL
    SELECT total, counted, is_counted, {is_listed} FROM badges_periodtotal AS t
    WHERE t.owner_type = 'member' AND t.owner_id IN ({owners}) AND t.currency = '{currency}'
        AND t.period = %s AND NOT t.is_moved
"""
OWN = """
SELECT total FROM badges_periodtotal AS t
WHERE owner_type = 'member' AND owner_id = %s AND currency = '{currency}' AND period = %s
    AND total > 0 AND {is_listed}
"""
IS_LISTED = """(t.owner_type = 'member' AND EXISTS (
    SELECT 1 FROM accounts_member WHERE accounts_member.id = t.owner_id AND {where}
))"""


def ranks_of(*, totals: Collection[int], period: str, among: Circle = EVERYBODY) -> dict[int, int]:
    """The rank that each of `totals` has among the listed members, by two statements.

    Of a part of the members no marks are kept: those with more are counted, by one statement.
    """
    if not totals:
        return {}
    asked = "VALUES " + ", ".join(["(CAST(%s AS bigint))"] * len(totals))
    if among is EVERYBODY:
        return _ranks(asked, list(totals), period)
    sql = COUNTED.format(asked=asked, currency=EXPERIENCE, listed=among.listed)
    return _fetched(sql, [*totals, period, *among.parameters])


def rank_of(*, member: Member, period: str) -> int | None:
    """The member's rank by two statements, None for who is not on the board."""
    own = OWN.format(currency=EXPERIENCE, is_listed=_is_listed())
    return next(iter(_ranks(own, [member.pk, period], period).values()), None)


def _ranks(asked: str, parameters: list, period: str) -> dict[int, int]:
    owners = changed_owners()
    changed = ""
    periods: list[Any] = [period] * 4
    if owners:
        marks = ", ".join(["%s"] * len(owners))
        changed = CHANGED.format(is_listed=_is_listed(), currency=EXPERIENCE, owners=marks)
        periods = [period, *owners, period, *[period] * 3]
    sql = RANKS.format(asked=asked, changed=changed, is_listed=_is_listed(), end=END)
    return _fetched(sql, [*parameters, *periods])


def _fetched(sql: str, parameters: list) -> dict[int, int]:
    return {total: int(rank) for total, rank in Bundle().ask(sql, parameters).rows}


def changed_owners() -> list[int]:
    """Who entered or left the lists without the marks knowing: nearly always nobody.

    Read before the ranks: whoever is settled in between is found settled, and no rank changes.
    """
    return [owner for (owner,) in Bundle().ask(CHANGES, []).rows]


def _is_listed() -> str:
    """Whether the owner of a row appears in lists, as SQL."""
    return IS_LISTED.format(where=listed_sql())
