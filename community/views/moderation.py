from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.forms import HideForm
from community.services.moderation import Thing, hide_thing, unhide_thing
from community.views.sending import comment_for, idea_for, member_required, send_about
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks

both = require_http_methods(["GET", "HEAD", "POST"])


@both
@member_required
@rate_limited("community.moderate", "60/m", "2000/d")
@asks("community.moderate_idea")
def idea_hide(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    return _hide(request, idea, title=_("Hide this idea"), idea=idea)


@both
@member_required
@rate_limited("community.moderate", "60/m", "2000/d")
@asks("community.moderate_idea")
def comment_hide(request: MemberRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    title = _("Hide this comment")
    return _hide(request, comment, title=title, idea=comment.idea, quote=comment, back=comment)


@require_POST
@member_required
@rate_limited("community.moderate", "60/m", "2000/d")
@asks("community.moderate_idea")
def idea_unhide(request: MemberRequest, pk: int) -> HttpResponse:
    return _unhide(request, idea_for(request, pk))


@require_POST
@member_required
@rate_limited("community.moderate", "60/m", "2000/d")
@asks("community.moderate_idea")
def comment_unhide(request: MemberRequest, pk: int) -> HttpResponse:
    return _unhide(request, comment_for(request, pk))


def _hide(request: MemberRequest, thing: Thing, **context: Any) -> HttpResponse:
    if not request.user.has_perm("community.moderate_idea"):
        raise PermissionDenied

    def hide(fields: dict) -> object:
        return hide_thing(thing=thing, moderator=request.user, **fields)

    context |= {"said": _("It is hidden; the author is told why."), "submit": _("Hide")}
    return send_about(request, thing, HideForm, hide, **context)


def _unhide(request: MemberRequest, thing: Thing) -> HttpResponse:
    if unhide_thing(thing=thing, moderator=request.user):
        messages.success(request, _("It is shown again; the author is told."))
    return redirect(thing)
