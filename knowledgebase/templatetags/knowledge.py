"""What the knowledge base's pages show about the member who reads them."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import get_language, get_language_info

from knowledgebase.forms import FeedbackForm, SurveyForm
from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from knowledgebase.services.feedback import feedback_of
from knowledgebase.services.reading import has_read
from knowledgebase.services.surveys import response_of
from knowledgebase.services.visits import sign_visit
from knowledgebase.services.watching import ENOUGH, progress_of

register = template.Library()


@register.simple_tag(takes_context=True)
def trail(context: dict, page: Any) -> list[tuple[str, str]]:
    """The way to a page from the feature's front, for `{% breadcrumbs %}`."""
    request = context.get("request")
    above = page.get_ancestors().live().filter(depth__gt=2).select_related("locale")
    return [(step.title, step.get_url(request)) for step in above]


@register.simple_tag
def foreign_lang(page: Any) -> str:
    """A `lang` attribute where the page is not in the reader's language."""
    code = page.locale.language_code
    return "" if code == get_language() else format_html(' lang="{}"', code)


@register.simple_tag
def foreign_language(page: Any) -> str:
    """The language's own name where the page is not in the reader's language."""
    code = page.locale.language_code
    return "" if code == get_language() else str(get_language_info(code)["name_local"])


@register.filter
def is_video(page: Any) -> bool:
    return isinstance(page, VideoPage)


@register.simple_tag(takes_context=True)
def reading_of(context: dict, page: ArticlePage) -> dict | None:
    """Where the member stands with an article; None for visitors."""
    member = context["request"].user
    if not member.is_authenticated:
        return None
    is_read = has_read(member=member, article=page)
    opened = context.get("opened") or ("" if is_read else sign_visit(member=member, page=page))
    return {
        "is_read": is_read,
        "opened": opened,
        "wait": context.get("wait") or 1,
        "url": reverse("knowledgebase:article_read", args=[page.translation_key]),
    }


@register.simple_tag(takes_context=True)
def feedback_on(context: dict, page: Any) -> dict:
    """What the reader has said about a page, with the form to say it or add to it."""
    request = context["request"]
    said = feedback_of(
        page=page, member=request.user, session_key=request.session.session_key or ""
    )
    form = context.get("feedback_form") or FeedbackForm(
        initial={"missing": said.missing if said else ""}
    )
    return {
        "said": said,
        "form": form,
        "url": reverse("knowledgebase:feedback_give", args=[page.translation_key]),
    }


@register.simple_tag(takes_context=True)
def watching_of(context: dict, page: VideoPage) -> dict | None:
    """How much of a video the member has seen, and where its player reports; None for visitors."""
    member = context["request"].user
    if not member.is_authenticated:
        return None
    progress = progress_of(member=member, video=page)
    url = reverse("knowledgebase:video_watch", args=[page.translation_key])
    return {
        "percent": progress.percent(page.duration) if progress else 0,
        "is_complete": bool(progress and progress.completed_at),
        "enough": ENOUGH,
        "url": f"{url}?opened={sign_visit(member=member, page=page)}",
    }


@register.simple_tag(takes_context=True)
def survey_state(context: dict, page: SurveyPage) -> dict:
    """Whether the reader can answer a survey, has, or is too late; with the form once started."""
    request = context["request"]
    closes_at = page.closing_time()
    form = context.get("survey_form")
    response = None
    if request.user.is_authenticated:
        response = response_of(member=request.user, survey=page)
        if form is None and "start" in request.GET:
            form = SurveyForm(survey=page)
    is_closed = closes_at is not None and closes_at <= timezone.now()
    return {
        "response": response,
        "closes_at": closes_at,
        "is_closed": is_closed,
        "form": None if response or is_closed else form,
        "count": len(page.questions.all()),
        "url": reverse("knowledgebase:survey_answer", args=[page.translation_key]),
    }
