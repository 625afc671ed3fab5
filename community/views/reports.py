from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.forms import ObjectionForm, ReportForm
from community.models import Idea, ModerationAction
from community.services.moderation import Thing, object_to, report_thing
from community.views.sending import (
    comment_for,
    form_page,
    idea_for,
    member_required,
    posted,
    send_about,
)
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import MEMBERS, asks

both = require_http_methods(["GET", "HEAD", "POST"])
limited = rate_limited("community.report", "10/m", "60/d")


@both
@member_required
@limited
@asks("community.report_thing")
def idea_report(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    return _report(request, idea, title=_("Report this idea"), idea=idea)


@both
@member_required
@limited
@asks("community.report_thing")
def comment_report(request: MemberRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    title = _("Report this comment")
    return _report(request, comment, title=title, idea=comment.idea, quote=comment, back=comment)


@both
@member_required
@limited
@asks(MEMBERS)
def decision_object(request: MemberRequest, pk: int) -> HttpResponse:
    """The author's answer to a hiding."""
    actions = ModerationAction.objects.select_related("idea__author", "comment__idea__author")
    action = get_object_or_404(actions, pk=pk, kind=ModerationAction.Kind.HIDE)
    if action.thing.author_id != request.user.pk:
        raise PermissionDenied
    form = ObjectionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if object_to(action=action, member=request.user, text=text):
            messages.success(request, _("The moderators will look at it again."))
        return redirect(action.thing)
    thing = action.thing
    idea = thing if isinstance(thing, Idea) else thing.idea
    return form_page(
        request, form, title=_("Object"), submit=_("Send"), idea=idea, back=action.thing
    )


def _report(request: MemberRequest, thing: Thing, **context: Any) -> HttpResponse:
    if not request.user.has_perm("community.report_thing", thing):
        raise PermissionDenied

    def report(fields: dict) -> object:
        return report_thing(thing=thing, member=request.user, **fields)

    context |= {"said": _("Thank you. A moderator will look at it."), "submit": _("Report")}
    return send_about(request, thing, ReportForm, report, **context)
