from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.forms import ObjectionForm, ReportForm
from community.models import ModerationAction
from community.services.moderation import Thing, object_to, report_thing
from community.views.sending import comment_for, form_page, idea_for, member_required, posted, sent
from portal.ui.limits import rate_limited

both = require_http_methods(["GET", "HEAD", "POST"])
limited = rate_limited("community.report", "10/m", "60/d")


@both
@member_required
@limited
def idea_report(request: HttpRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    return _report(request, idea, title=_("Report this idea"), idea=idea)


@both
@member_required
@limited
def comment_report(request: HttpRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    title = _("Report this comment")
    return _report(request, comment, title=title, idea=comment.idea, quote=comment, back=comment)


@both
@member_required
@limited
def decision_object(request: HttpRequest, pk: int) -> HttpResponse:
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
    idea = action.idea or action.comment.idea
    return form_page(
        request, form, title=_("Object"), submit=_("Send"), idea=idea, back=action.thing
    )


def _report(request: HttpRequest, thing: Thing, **context) -> HttpResponse:
    if not request.user.has_perm("community.report_thing", thing):
        raise PermissionDenied
    form = ReportForm(posted(request))
    if request.method == "POST":
        member = request.user
        if sent(form, lambda fields: report_thing(thing=thing, member=member, **fields)):
            messages.success(request, _("Thank you. A moderator will look at it."))
            return redirect(thing)
    return form_page(request, form, submit=_("Report"), **context)
