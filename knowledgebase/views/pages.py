"""What readers do on articles, videos and surveys; the pages themselves are Wagtail's."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from knowledgebase.forms import FeedbackForm, SurveyForm
from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.pages import find_page
from knowledgebase.services.reading import TooSoonError, mark_read
from knowledgebase.services.search import search_pages
from knowledgebase.services.surveys import answer_survey
from knowledgebase.services.visits import read_visit
from portal.ui.limits import rate_limited
from portal.ui.requests import PortalRequest
from portal.ui.routes import ANYONE, MEMBERS, asks, reads


def page_or_404(key: UUID, member: Any, *models: Any) -> Any:
    for model in models:
        page = find_page(model=model, key=key, member=member)
        if page is not None:
            return page
    raise Http404


@reads
def knowledge_search(request: HttpRequest) -> HttpResponse:
    query = request.GET.get("q", "").replace("\0", "").strip()[:100]
    found = search_pages(query=query, member=request.user)
    context = {"query": query, "pages": found}
    return render(request, "knowledgebase/knowledge_search.html", context)


@rate_limited("knowledge.read", "60/m", "1000/d")
@asks(MEMBERS)
def article_read(request: PortalRequest, key: UUID) -> HttpResponse:
    article = page_or_404(key, request.user, ArticlePage)
    address = article.get_url(request)
    if request.method != "POST":
        return redirect(address)
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    token = request.POST.get("opened", "")
    context = {"page": article, **_try_reading(request, article, token)}
    if request.htmx:
        return render(request, "knowledgebase/article_page.html#reading", context)
    if context.get("problem"):
        messages.error(request, context["problem"])
    return redirect(f"{address}#reading")


def _try_reading(request: PortalRequest, article: ArticlePage, token: str) -> dict[str, Any]:
    """Mark the article; say what the page shows when that is not possible yet."""
    opened_at = read_visit(token, member=request.user, page=article)
    if opened_at is None:
        return {"problem": _("This page was open for too long. Reload it, please.")}
    try:
        mark_read(member=request.user, article=article, opened_at=opened_at)
    except TooSoonError as error:
        problem = error.messages[0] if "pressed" in request.POST or not request.htmx else ""
        return {"problem": problem, "opened": token, "wait": error.seconds}
    return {}


@rate_limited("knowledge.feedback", "20/m", "200/d")
@asks(ANYONE)
def feedback_give(request: PortalRequest, key: UUID) -> HttpResponse:
    page = page_or_404(key, request.user, ArticlePage, VideoPage)
    address = page.get_url(request)
    if request.method != "POST":
        return redirect(address)
    if not request.user.is_authenticated and not request.session.session_key:
        request.session.create()
    form: FeedbackForm | None = FeedbackForm(request.POST)
    if form and form.is_valid():
        give_feedback(
            page=page,
            is_helpful=form.cleaned_data["helpful"],
            missing=form.cleaned_data["missing"],
            member=request.user,
            session_key=request.session.session_key or "",
        )
        form = None
    if request.htmx:
        context = {"page": page, "feedback_form": form, "is_fresh": form is None}
        return render(request, "knowledgebase/feedback.html", context, status=422 if form else 200)
    if form:
        messages.error(request, _("Say yes or no, and keep the rest to 1,000 characters."))
    return redirect(f"{address}#helpful")


@rate_limited("knowledge.survey", "20/m", "200/d")
@asks(MEMBERS)
def survey_answer(request: HttpRequest, key: UUID) -> HttpResponse:
    survey = page_or_404(key, request.user, SurveyPage)
    address = survey.get_url(request)
    if request.method != "POST":
        return redirect(address)
    if not request.user.is_authenticated:
        return redirect_to_login(address)
    form = SurveyForm(request.POST, survey=survey)
    if form.is_valid():
        try:
            _response, is_new = answer_survey(
                member=request.user, survey=survey, answers=form.answers()
            )
        except ValidationError as error:
            form.take_errors(error)
        else:
            if not is_new:
                messages.info(request, _("You had answered before; your first answers stay."))
            return redirect(f"{address}#thanks")
    context = survey.get_context(request) | {"survey_form": form}
    return render(request, survey.template, context, status=422)
