"""Keeping the marks of boards near the totals, so that a rank looks at few rows.

Nothing here changes a rank. What the marks know of a row is written in the row (`counted`,
`is_counted`) by the transaction that moves the marks; everything else is corrected at read time.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from django.db import transaction
from django.db.models import Count, F

from badges.models import BoardMark, ListingChange, PeriodTotal
from badges.models.boards import EXPERIENCE
from badges.models.owners import MEMBER
from portal.accounts.models import Member
from portal.activity.rows import change_by_key, insert_all

# A rank counts at most about so many members one by one ...
STEP = 250
# ... and corrects by the moved ones, of which so many may wait.
MOVED = 100
CHUNK = 2_000


def note_listing(member: Member) -> None:
    """Remember, in the change's own transaction, that a member entered or left the lists.

    Without it nobody hidden would show, but they would still move others down.
    """
    ListingChange.objects.create(owner_id=member.pk)


def keep_marks() -> None:
    """Count what moved on every board where that is much, and who entered or left the lists."""
    while settle_listings():
        pass
    boards = PeriodTotal.objects.filter(is_moved=True).values_list("period")
    for period, waiting in boards.annotate(n=Count("pk")).filter(n__gt=MOVED).order_by("period"):
        for _chunk in range(-(-waiting // CHUNK)):
            count_moved(period=period)


@transaction.atomic
def count_moved(*, period: str, limit: int = CHUNK) -> int:
    """Let the marks of a board know up to `limit` moved totals; return how many.

    Totals that an award holds are left for the next time, so no award waits for another's.
    """
    marks = _locked_marks(period)
    moved = PeriodTotal.objects.filter(period=period, is_moved=True)
    rows = list(moved.select_for_update(skip_locked=True)[:limit])
    _count(rows, marks)
    _refine(period, marks)
    return len(rows)


@transaction.atomic
def settle_listings(*, limit: int = 200) -> int:
    """Let the marks know who entered or left the lists; return how many changes that were.

    Every row of theirs is counted, moved or not: a total may come back to what the marks know.
    """
    waiting = ListingChange.objects.order_by("pk").select_for_update(skip_locked=True)
    changes = list(waiting[:limit])
    owners = {change.owner_id for change in changes}
    theirs = PeriodTotal.objects.filter(owner_type=MEMBER, owner_id__in=owners)
    theirs = theirs.filter(currency=EXPERIENCE).order_by("owner_id", "period")
    boards: dict[str, list[PeriodTotal]] = {}
    for row in theirs.select_for_update():
        boards.setdefault(row.period, []).append(row)
    for period, rows in sorted(boards.items()):
        _count(rows, _locked_marks(period))
    ListingChange.objects.filter(pk__in=[change.pk for change in changes]).delete()
    return len(changes)


def _locked_marks(period: str) -> list[BoardMark]:
    """The marks of a board from the lowest, which locks the board until the commit."""
    BoardMark.objects.get_or_create(period=period, total=0)
    marks = BoardMark.objects.filter(period=period)
    marks.select_for_update().get(total=0)
    return list(marks.order_by("total"))


def _count(rows: Sequence[PeriodTotal], marks: Sequence[BoardMark]) -> None:
    """Move the marks by what happened to `rows`, which are locked, and note that in them."""
    owners = {row.owner_id for row in rows if row.owner_type == MEMBER and row.total > 0}
    present = Member.objects.listed().filter(pk__in=owners)
    listed = set(present.values_list("pk", flat=True))
    enters = [row for row in rows if row.total > 0 and row.owner_id in listed & owners]
    before = sorted(row.counted for row in rows if row.is_counted)
    after = sorted(row.total for row in enters)
    changed = []
    for mark in marks:
        moved = _above(after, mark.total) - _above(before, mark.total)
        if moved:
            mark.above += moved
            changed.append((mark.pk, mark.above))
    change_by_key(BoardMark, ["above"], changed)
    shown = {row.pk for row in enters}
    for is_counted in (True, False):
        keys = [row.pk for row in rows if (row.pk in shown) == is_counted]
        PeriodTotal.objects.filter(pk__in=keys).update(counted=F("total"), is_counted=is_counted)


def _above(ordered: Sequence[int], total: int) -> int:
    return len(ordered) - bisect_right(ordered, total)


def _refine(period: str, marks: Sequence[BoardMark]) -> None:
    """Put new marks wherever many members stand between two, and drop those that help nobody."""
    marks = _without_idle(marks)
    counted = PeriodTotal.objects.filter(period=period, is_counted=True)
    found: list[tuple[int, int]] = []
    ends: list[Any] = [*marks, None]
    for low, high in pairwise(ends):
        above = high.above if high else 0
        if low.above - above <= 2 * STEP or (high and high.total - low.total < 2):
            continue
        rows = counted.filter(counted__gt=low.total)
        rows = rows.filter(counted__lte=high.total) if high else rows
        groups = rows.values_list("counted").annotate(n=Count("pk")).order_by("-counted")
        found += _marks_between(groups, low.total, high.total if high else None, above)
    values = [(period, total, above) for total, above in found]
    insert_all(BoardMark, ["period", "total", "above"], values)


def _without_idle(marks: Sequence[BoardMark]) -> list[BoardMark]:
    """The marks that stay: without one of them, its neighbours would have many between them."""
    stay, idle = list(marks[:1]), []
    for mark, high in pairwise([*marks[1:], None]):
        above = high.above if high else 0
        if mark and stay[-1].above - above <= STEP:
            idle.append(mark.pk)
        elif mark:
            stay.append(mark)
    if idle:
        BoardMark.objects.filter(pk__in=idle).delete()
    return stay


def _marks_between(groups: Any, low: int, high: int | None, above: int) -> list[tuple[int, int]]:
    """New marks (total, above) below `high`, so that few members stand between two of them.

    `groups` are (total, how many have it) from the highest. Many who share a total get a mark on
    either side, so that nobody counts them one by one.
    """
    marks: list[tuple[int, int]] = []
    last = above
    for total, count in groups:
        if count >= STEP and total != high and (not marks or marks[-1][0] > total):
            marks.append((total, above))
            last = above
        above += count
        if above - last >= STEP and total - 1 > low:
            marks.append((total - 1, above))
            last = above
    return marks
