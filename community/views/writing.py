"""Sharing, changing and withdrawing one's own ideas."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.forms import IdeaForm
from community.services.ideas import bring_back_idea, edit_idea, post_idea, withdraw_idea
from community.views.sending import idea_for, member_required, posted, sent
from portal.notifications.messages import say_undoable
from portal.ui.limits import rate_limited
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks

both = require_http_methods(["GET", "HEAD", "POST"])


@both
@member_required
@rate_limited("community.idea", "6/m", "40/d")
@asks("community.add_idea")
def idea_new(request: MemberRequest) -> HttpResponse:
    form = IdeaForm(posted(request))
    if request.method == "POST":
        idea = sent(form, lambda fields: post_idea(author=request.user, **fields))
        if idea:
            messages.success(request, _("Your idea is out. Thank you!"))
            return redirect(idea)
    return _form_page(request, form)


@both
@member_required
@rate_limited("community.edit", "12/m", "120/d")
@asks("community.edit_idea")
def idea_edit(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    if not request.user.has_perm("community.edit_idea", idea):
        raise PermissionDenied
    words = {"title": idea.title, "body": idea.body, "category": idea.category}
    form = IdeaForm(posted(request), initial=words)
    if request.method == "POST":

        def save(fields: dict) -> object:
            fields.pop("token")
            return edit_idea(idea=idea, member=request.user, **fields)

        if sent(form, save):
            messages.success(request, _("Your changes are saved."))
            return redirect(idea)
    return _form_page(request, form, idea=idea)


@require_POST
@member_required
@rate_limited("community.withdraw", "12/m", "60/d")
@asks("community.withdraw_idea")
def idea_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    if withdraw_idea(idea=idea, member=request.user):
        back = reverse("community:idea_bring_back", args=[pk])
        say_undoable(request, _("Your idea is withdrawn."), undo_url=back)
    return redirect(idea)


@require_POST
@member_required
@rate_limited("community.withdraw", "12/m", "60/d")
@asks("community.withdraw_idea")
def idea_bring_back(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    with refusals_said(request):
        if bring_back_idea(idea=idea, member=request.user):
            messages.success(request, _("Your idea is back."))
    return redirect(idea)


def _form_page(request: HttpRequest, form: IdeaForm, **context: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "community/idea_form.html", {"form": form, **context}, status=status)
