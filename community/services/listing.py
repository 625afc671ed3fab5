"""The idea list: sorted, filtered and paged by the last row shown, without counting anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from community.models import Idea
from community.services.finding import matching
from portal.accounts.people import Viewer

PAGE_SIZE = 20
TRENDING, TOP, NEW = "trending", "top", "new"


@dataclass(frozen=True)
class Order:
    """A sort of the list: its column, and how that stands in an address."""

    column: str
    read: Callable[[str], Any]
    write: Callable[[Any], str]


ORDERS = {
    TRENDING: Order("trend", float, repr),
    TOP: Order("score", int, str),
    NEW: Order("posted_at", datetime.fromisoformat, datetime.isoformat),
}


@dataclass
class IdeaPage:
    """Some rows and the cursor of the next ones, empty on the last page."""

    ideas: list[Idea] = field(default_factory=list)
    next: str = ""


def list_ideas(
    *,
    member: Viewer,
    sort: str = TRENDING,
    query: str = "",
    board: str = "",
    status: str = "",
    after: str = "",
    size: int = PAGE_SIZE,
) -> IdeaPage:
    """One page of ideas as `member` sees them, in one query (two when searching).

    `after` is the `next` of the page before; one that does not fit begins at the top.
    """
    order = ORDERS.get(sort, ORDERS[TRENDING])
    ideas = Idea.objects.for_list(member).order_by(f"-{order.column}", "-pk")
    if board:
        ideas = ideas.filter(category__code=board)
    if status in Idea.Status.values:
        ideas = ideas.filter(status=status)
    if query.strip():
        ideas = ideas.filter(pk__in=matching(query))
    ideas = ideas.filter(_beyond(order, after))
    rows = list(ideas[: size + 1])
    page = IdeaPage(rows[:size])
    if len(rows) > size:
        last = page.ideas[-1]
        page.next = f"{order.write(getattr(last, order.column))}_{last.pk}"
    return page


def _beyond(order: Order, after: str) -> Q:
    value, _, number = after.rpartition("_")
    try:
        edge, pk = order.read(value), int(number)
    except (ValueError, OverflowError):
        return Q()
    column = order.column
    # Beside the exact condition, a plain bound that both databases look up in the index.
    return Q(**{f"{column}__lte": edge}) & (
        Q(**{f"{column}__lt": edge}) | Q(**{column: edge, "pk__lt": pk})
    )
