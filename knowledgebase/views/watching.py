"""Where players report: JSON in, JSON out, and a sentence for whatever does not fit."""

import json
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from knowledgebase.models import VideoPage
from knowledgebase.services.pages import find_page
from knowledgebase.services.visits import read_visit
from knowledgebase.services.watching import WatchReport, report_watch
from portal.ui.limits import rate_limited
from portal.ui.routes import MEMBERS, asks

MAX_BYTES = 64 * 1024


@require_POST
@rate_limited("knowledge.watch", "120/m", "20000/d")
@asks(MEMBERS)
def video_watch(request: HttpRequest, key: UUID) -> JsonResponse:
    if not request.user.is_authenticated:
        return _refuse(_("Log in so that your watching counts."), status=403)
    video = find_page(model=VideoPage, key=key, member=request.user)
    if video is None:
        return _refuse(_("This video is not here any more."), status=404)
    try:
        session, intervals = _read_report(request)
        report = report_watch(
            member=request.user,
            video=video,
            session=session,
            intervals=intervals,
            opened_at=read_visit(request.GET.get("opened", ""), member=request.user, page=video),
        )
    except ValidationError as error:
        return _refuse(" ".join(error.messages), status=400)
    return JsonResponse({"percent": report.percent, "message": watched_words(report)})


def watched_words(report: WatchReport) -> str:
    """What stands above the bar: "Watched 64 %"."""
    if report.is_complete:
        return _("You have watched this video")
    return _("Watched %(percent)d%%") % {"percent": report.percent}


def _read_report(request: HttpRequest) -> tuple[UUID, Any]:
    if len(request.body) > MAX_BYTES:
        raise ValidationError(_("The report is too long."))
    try:
        report = json.loads(request.body, parse_constant=_no_constant)
        session = UUID(report["session"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValidationError(
            _("Send JSON: {“session”: a UUID, “intervals”: [[from, to], …]}.")
        ) from error
    return session, report.get("intervals")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _refuse(message: str, *, status: int) -> JsonResponse:
    return JsonResponse({"message": message}, status=status)
