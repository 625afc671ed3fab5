from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.forms import AnswerForm
from community.services.answers import answer_idea
from community.views.sending import form_page, idea_for, member_required, posted, sent
from portal.ui.limits import rate_limited
from portal.ui.requests import MemberRequest
from portal.ui.routes import asks


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@rate_limited("community.answer", "30/m", "500/d")
@asks("community.answer_idea")
def idea_answer(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    if not request.user.has_perm("community.answer_idea"):
        raise PermissionDenied
    form = AnswerForm(posted(request), initial={"status": idea.status})
    if request.method == "POST" and sent(
        form, lambda fields: answer_idea(idea=idea, by=request.user, **fields)
    ):
        messages.success(request, _("Your answer is published."))
        return redirect(idea)
    return form_page(
        request, form, title=_("Answer officially"), submit=_("Publish answer"), idea=idea
    )
