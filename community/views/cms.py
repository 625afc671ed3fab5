"""The community in the CMS: ideas to answer, reports to decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.forms import AnswerForm
from community.models import Idea, StatusChange
from community.services.answers import answer_idea
from community.services.moderation import Thing, dismiss_reports, hide_thing, unhide_thing
from community.services.queue import decisions, objections, thing_of, waiting_cases
from community.views.sending import posted, sent
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest
from portal.ui.staff import demand, page_head, permitted

PAGE_SIZE = 30
WAITING_FIRST = Case(
    When(status=Idea.Status.OPEN, answered_at=None, then=Value(0)),
    default=Value(1),
    output_field=IntegerField(),
)


@require_GET
def idea_list(request: MemberRequest) -> HttpResponse:
    """All listed ideas; those without any answer come first, the most wanted above."""
    demand(request, "community.answer_idea")
    status = request.GET.get("status", "")
    ideas = Idea.objects.listed().select_related("author", "category")
    if status in Idea.Status.values:
        ideas = ideas.filter(status=status)
    ideas = ideas.order_by(WAITING_FIRST, "-score", "-pk")
    page = Paginator(ideas, PAGE_SIZE).get_page(request.GET.get("p"))
    context = {"page": page, "status": status, "statuses": Idea.Status.choices}
    return render(
        request, "community/cms/idea_list.html", {**context, **page_head(_("Ideas"), "pick")}
    )


@permitted("community.answer_idea")
def idea_answer(request: MemberRequest, pk: int) -> HttpResponse:
    ideas = Idea.objects.listed().select_related("author", "category")
    idea = get_object_or_404(ideas, pk=pk)
    form = AnswerForm(posted(request), initial={"status": idea.status})
    if request.method == "POST" and sent(
        form, lambda fields: answer_idea(idea=idea, by=request.user, **fields)
    ):
        messages.success(request, _("Your answer is published."))
        return redirect("community_cms_ideas")
    trail = [(reverse("community_cms_ideas"), _("Ideas"))]
    context = {"idea": idea, "form": form, "changes": StatusChange.objects.for_list(idea)}
    head = page_head(_("Answer an idea"), "pick", trail)
    return render(request, "community/cms/idea_answer.html", {**context, **head})


@require_GET
def queue(request: MemberRequest) -> HttpResponse:
    demand(request, "community.moderate_idea")
    context = {"cases": waiting_cases(), "objections": objections(), "decisions": decisions()}
    head = page_head(_("Moderation"), "warning")
    return render(request, "community/cms/queue.html", {**context, **head})


@require_POST
@permitted("community.moderate_idea")
def decide(request: MemberRequest) -> HttpResponse:
    """One decision of the queue: hide, leave as it is, or show again."""
    thing = thing_of(request.POST.get("thing", ""))
    if thing is None:
        raise Http404
    reason = request.POST.get("reason", "")[:1_000]
    with refusals_said(request):
        messages.success(request, _decide(request, thing, reason))
    return redirect("community_cms_queue")


def _decide(request: MemberRequest, thing: Thing, reason: str) -> str:
    decision = request.POST.get("decision")
    if decision == "hide":
        hide_thing(thing=thing, moderator=request.user, reason=reason)
        return _("It is hidden; the author is told why.")
    if decision == "unhide":
        unhide_thing(thing=thing, moderator=request.user)
        return _("It is shown again; the author is told.")
    if decision == "dismiss":
        dismiss_reports(thing=thing, moderator=request.user, reason=reason)
        return _("It stays as it is.")
    raise Http404
