from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from ninja import Query, Router

from badges.services.sheets import Sheet, sheets_of
from portal.accounts.models import Member
from portal.api import schemas
from portal.api.cursors import from_cursor, to_cursor
from portal.api.document import READ, READ_ONE
from portal.api.gate import Bearer
from portal.api.problems import ProblemError
from portal.api.scopes import MEMBERS_READ

router = Router(tags=["members"], auth=Bearer(MEMBERS_READ))
HIDDEN: dict[str, Any] = {"level": None, "badges": {}}


@router.get(
    "members",
    response={200: schemas.MemberPage, **READ},
    operation_id="list_members",
    summary="Members with what they hold",
)
def member_list(
    request: HttpRequest,
    cursor: str = Query("", description="next of the page before"),
    limit: int = Query(schemas.PAGE, ge=1, le=schemas.LONGEST_PAGE),
) -> schemas.MemberPage:
    """All members in the order of their handles, but for those who opted out of lists.

    Scope `members:read`. Who stands on boards under an alias has no balances here.
    """
    rows = Member.objects.listed().order_by("handle")
    if cursor:
        rows = rows.filter(handle__gt=from_cursor(cursor))
    found = list(rows[: limit + 1])
    following = to_cursor(found[limit - 1].handle) if len(found) > limit else None
    return schemas.MemberPage(members=_sheets(found[:limit]), next=following)


@router.get(
    "members/{handle}",
    response={200: schemas.Member, **READ_ONE},
    operation_id="show_member",
    summary="One member with what they hold",
)
def member_detail(request: HttpRequest, handle: str) -> schemas.Member:
    """A member by handle; who opted out of lists is not found.

    Scope `members:read`.
    """
    return _sheets([listed_member(handle)])[0]


def listed_member(handle: str) -> Member:
    """The member whom a program may see. Raises ProblemError."""
    member = Member.objects.listed().filter(handle=handle).first() if handle.isprintable() else None
    if member is None:
        raise ProblemError(404)
    return member


def _sheets(members: Sequence[Member]) -> list[schemas.Member]:
    sheets = sheets_of([member.pk for member in members])
    return [_described(member, sheets[member.pk]) for member in members]


def _described(member: Member, sheet: Sheet) -> schemas.Member:
    """Level and badges show where the member's own profile shows them, balances without an alias.

    A total beside a handle would say who stands on the boards under an alias with that total.
    """
    game = {"level": sheet.level, "badges": sheet.badges} if member.shows_game else HIDDEN
    return schemas.Member(
        handle=member.handle,
        name=member.display_name,
        joined_at=member.date_joined,
        balances={} if member.alias else sheet.balances,
        **game,
    )
