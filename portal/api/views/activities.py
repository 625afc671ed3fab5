from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from portal.accounts.services.intake import Problem, is_source
from portal.activity.models import Activity
from portal.activity.registry import Speaker
from portal.api import schemas
from portal.api.cursors import from_cursor, to_cursor, wrong_cursor
from portal.api.document import READ, READ_ONE, UNSAFE, unsafe_extra
from portal.api.gate import Bearer
from portal.api.once import KeyRequest, once
from portal.api.problems import Mistake, ProblemError
from portal.api.scopes import ACTIVITIES_READ, ACTIVITIES_WRITE
from portal.api.services.activities import RefusedError, take_in
from portal.api.views.members import listed_member

router = Router(tags=["activities"])
MOST_SHOWN = 100


@router.post(
    "activities",
    auth=Bearer(ACTIVITIES_WRITE),
    response={200: schemas.Taken, **UNSAFE},
    operation_id="send_activities",
    summary="Send activities",
    openapi_extra=unsafe_extra(),
)
@once
def activities_send(request: KeyRequest, batch: schemas.ActivityBatch) -> schemas.Taken:
    """At most 1,000 activities of one source, each judged once by the programme in force.

    Scope `activities:write`. All are taken in, or with any mistake none: then `errors` names the
    index and the field of each. The order within the call does not matter.
    """
    if not is_source(batch.source):
        detail = _("must be a name of 1 to 40 characters, other than portal")
        mistake = Mistake(field="source", pointer="#/source", detail=detail)
        raise ProblemError(422, errors=[mistake])
    speaker = Speaker(request.auth.application.name)
    try:
        done = take_in(source=batch.source, activities=batch.activities, speaker=speaker)
    except RefusedError as error:
        raise ProblemError(
            422, _first(error), errors=[_mistake(one) for one in error.problems[:MOST_SHOWN]]
        ) from None
    return schemas.Taken(recorded=done.recorded, repeated=done.repeated)


@router.get(
    "activities",
    auth=Bearer(ACTIVITIES_READ),
    response={200: schemas.ActivityPage, **dict(sorted((READ | READ_ONE).items()))},
    operation_id="list_activities",
    summary="Activities of a member",
)
def activity_list(
    request: HttpRequest,
    member: str = Query(description="the member's handle"),
    cursor: str = Query("", description="next of the page before"),
    limit: int = Query(schemas.PAGE, ge=1, le=schemas.LONGEST_PAGE),
) -> schemas.ActivityPage:
    """Everything that was recorded of a member, the latest recorded first.

    Scope `activities:read`.
    """
    owner = listed_member(member)
    rows = Activity.objects.filter(member=owner, sequence__isnull=False)
    if cursor:
        last = from_cursor(cursor)
        if not last.isdecimal() or len(last) > 18:
            raise wrong_cursor()
        rows = rows.filter(sequence__lt=int(last))
    found = list(rows.select_related("reverses").order_by("-sequence")[: limit + 1])
    following = to_cursor(found[limit - 1].sequence) if len(found) > limit else None
    shown = [_activity(row, owner.handle) for row in found[:limit]]
    return schemas.ActivityPage(activities=shown, next=following)


def _activity(row: Activity, handle: str) -> schemas.Activity:
    return schemas.Activity(
        source=row.source,
        id=row.key,
        occurred_at=row.occurred_at,
        recorded_at=row.recorded_at,
        verb=row.verb,
        member=handle,
        object=row.object,
        value=row.value,
        reverses=row.reverses.key if row.reverses else None,
    )


def _first(error: RefusedError) -> str:
    place, field, message = error.problems[0]
    words = {"count": len(error.problems), "first": f"activities[{place}].{field}: {message}"}
    return _("Nothing was kept; mistakes: %(count)s. The first is %(first)s") % words


def _mistake(problem: Problem) -> Mistake:
    pointer = f"#/activities/{problem.place}/{problem.field}"
    return Mistake(
        index=problem.place, field=problem.field, pointer=pointer, detail=problem.message
    )
