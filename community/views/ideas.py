from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from community.forms import SORTS, CommentForm, IdeaFilterForm
from community.models import Category, Idea, ModerationAction, StatusChange
from community.services.finding import similar_ideas
from community.services.listing import TRENDING, list_ideas
from community.services.threads import conversation
from community.services.votes import toggle_vote
from community.views.sending import idea_for, member_required
from portal.ui.addresses import absolute
from portal.ui.limits import rate_limited
from portal.ui.refusals import refusals_said
from portal.ui.requests import MemberRequest, PortalRequest
from portal.ui.routes import asks

COLUMN_LENGTH = 50
LIST_PARTS = {"list": "#list", "more": "#rows"}


@require_GET
def idea_list(request: PortalRequest) -> HttpResponse:
    chosen = IdeaFilterForm(request.GET).chosen()
    query, sort = chosen.get("q", ""), chosen.get("sort", TRENDING)
    page = list_ideas(
        member=request.user,
        sort=sort,
        query=query,
        board=chosen.get("board", ""),
        status=chosen.get("status", ""),
        after=chosen.get("after", ""),
    )
    after = chosen.pop("after", "")
    context = {
        "page": page,
        "query": query,
        "is_filtered": bool(chosen.keys() - {"sort"}),
        "is_continued": bool(after),
        "chosen": chosen,
        "sorts": _chips(SORTS, "sort", sort, chosen),
        "boards": _chips(_boards(), "board", chosen.get("board"), chosen),
        "statuses": _chips(Idea.Status.choices, "status", chosen.get("status"), chosen),
        "more_url": address(chosen, after=page.next) if page.next else "",
        "first_url": address(chosen),
    }
    response = render(request, "community/idea_list.html" + _part(request), context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


@require_GET
def idea_detail(request: HttpRequest, pk: int, slug: str = "") -> HttpResponse:
    idea = idea_for(request, pk)
    if slug != idea.slug:
        return redirect(idea.get_absolute_url() + _query(request), permanent=True)
    return render(request, "community/idea_detail.html", detail_context(request, idea))


def detail_context(request: HttpRequest, idea: Idea, form: CommentForm | None = None) -> dict:
    """Everything on an idea's page; `form` is a comment that was refused."""
    thread = request.GET.get("thread", "")
    start = int(thread) if thread.isascii() and thread.isdigit() and len(thread) < 19 else None
    changes = list(StatusChange.objects.for_list(idea))
    return {
        "idea": idea,
        "changes": changes,
        "answer": next((change for change in changes if change.response), None),
        "conversation": conversation(idea=idea, reader=request.user, start=start),
        "form": form or CommentForm(),
        "similar": similar_ideas(idea.title, besides=idea.pk, limit=4),
        "hiding": ModerationAction.objects.hiding(idea).first() if idea.hidden_at else None,
        "trail": [(_("Ideas"), reverse("community:idea_list"))],
        "canonical_url": absolute(idea.get_absolute_url()),
    }


@require_GET
def idea_similar(request: PortalRequest) -> HttpResponse:
    """Hints while a title is typed; without htmx a page of its own."""
    title = request.GET.get("title", "")[:140]
    part = "#hints" if request.htmx else ""
    context = {"ideas": similar_ideas(title), "title": title}
    return render(request, "community/idea_similar.html" + part, context)


@require_POST
@member_required
@rate_limited("community.vote", "60/m", "1000/d")
@asks("community.vote_idea")
def idea_vote(request: MemberRequest, pk: int) -> HttpResponse:
    idea = idea_for(request, pk)
    with refusals_said(request):
        toggle_vote(idea=idea, member=request.user)
    if not request.htmx:
        return redirect(idea)
    context = {"idea": idea_for(request, pk), "wide": "wide" in request.POST}
    return render(request, "components/vote.html", context)


@require_GET
def roadmap(request: HttpRequest) -> HttpResponse:
    states = [Idea.Status.PLANNED, Idea.Status.IN_PROGRESS, Idea.Status.DONE]
    columns = []
    for state in states:
        ideas = Idea.objects.on_roadmap(state).with_voted(request.user)
        found = list(ideas.select_related("category")[: COLUMN_LENGTH + 1])
        more = address({"status": state, "sort": "top"}) if len(found) > COLUMN_LENGTH else ""
        columns.append({"state": state, "ideas": found[:COLUMN_LENGTH], "more_url": more})
    return render(request, "community/roadmap.html", {"columns": columns})


def address(chosen: dict, **changes: str) -> str:
    """The list's address with other filters; an empty one is left out."""
    filters = {name: value for name, value in {**chosen, **changes}.items() if value}
    query = f"?{urlencode(sorted(filters.items()))}" if filters else ""
    return reverse("community:idea_list") + query


def _part(request: PortalRequest) -> str:
    """Which part of the list htmx asked for; going back in history wants the whole page."""
    if not request.htmx or request.htmx.history_restore_request:
        return ""
    return LIST_PARTS.get(request.htmx.target or "", "#list")


def _boards() -> list[tuple[str, str]]:
    boards = Category.objects.order_by("position", "pk")
    return [(board.code, str(board)) for board in boards]


def _chips(
    choices: Iterable[tuple[Any, ...]], name: str, current: str | None, chosen: dict
) -> list[tuple]:
    """Label, address and whether it is chosen; the address of the chosen one takes it away."""
    chips = []
    for value, label in choices:
        is_current = value == current
        keeps = is_current and name != "sort"
        chips.append((label, address(chosen, **{name: "" if keeps else value}), is_current))
    return chips


def _query(request: HttpRequest) -> str:
    query = request.META.get("QUERY_STRING", "")
    return f"?{query}" if query else ""
