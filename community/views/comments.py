from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.forms import CommentForm
from community.models import Comment
from community.services.comments import (
    bring_back_comment,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from community.views.ideas import detail_context
from community.views.sending import comment_for, form_page, idea_for, member_required, posted, sent
from portal.notifications.messages import say_undoable
from portal.ui.limits import rate_limited
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks

both = require_http_methods(["GET", "HEAD", "POST"])
limited = rate_limited("community.comment", "12/m", "300/d")


@require_POST
@member_required
@limited
@asks("community.comment_idea")
def comment_new(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    form = CommentForm(request.POST)
    comment = sent(form, lambda fields: post_comment(idea=idea, author=request.user, **fields))
    if comment:
        return redirect(comment)
    context = detail_context(request, idea, form)
    return render(request, "community/idea_detail.html", context, status=422)


@both
@member_required
@limited
@asks("community.comment_idea")
def comment_reply(request: MemberRequest, pk: int) -> HttpResponse:
    parent = comment_for(request, pk)
    idea, author = parent.idea, request.user
    form = CommentForm(posted(request), auto_id=f"reply-{pk}-%s")
    if request.method == "POST":
        answer = sent(
            form, lambda fields: post_comment(idea=idea, author=author, parent=parent, **fields)
        )
        if answer:
            return redirect(answer)
    status = 422 if form.is_bound else 200
    part = "#writer" if request.htmx else ""
    context = {"form": form, "parent": parent, "idea": idea}
    return render(request, "community/comment_reply.html" + part, context, status=status)


@both
@member_required
@rate_limited("community.edit", "12/m", "120/d")
@asks("community.edit_comment")
def comment_edit(request: MemberRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    if not request.user.has_perm("community.edit_comment", comment):
        raise PermissionDenied
    form = CommentForm(posted(request), initial={"body": comment.body})
    if request.method == "POST" and sent(form, lambda fields: _save(request, comment, fields)):
        messages.success(request, _("Your changes are saved."))
        return redirect(comment)
    title, submit = _("Edit your comment"), _("Save changes")
    return form_page(request, form, title=title, submit=submit, idea=comment.idea, back=comment)


@require_POST
@member_required
@rate_limited("community.withdraw", "12/m", "60/d")
@asks("community.withdraw_comment")
def comment_withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    if withdraw_comment(comment=comment, member=request.user):
        back = reverse("community:comment_bring_back", args=[pk])
        say_undoable(request, _("Your comment is withdrawn."), undo_url=back)
    return redirect(comment)


@require_POST
@member_required
@rate_limited("community.withdraw", "12/m", "60/d")
@asks("community.withdraw_comment")
def comment_bring_back(request: MemberRequest, pk: int) -> HttpResponse:
    comment = comment_for(request, pk)
    with refusals_said(request):
        if bring_back_comment(comment=comment, member=request.user):
            messages.success(request, _("Your comment is back."))
    return redirect(comment)


def _save(request: MemberRequest, comment: Comment, fields: dict) -> Comment:
    return edit_comment(comment=comment, member=request.user, body=fields["body"])
