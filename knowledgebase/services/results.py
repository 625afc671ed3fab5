"""What the answers to a survey add up to, and what readers say about pages; without names."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from knowledgebase.models import (
    ArticlePage,
    Feedback,
    SurveyAnswer,
    SurveyPage,
    SurveyQuestion,
    SurveyResponse,
    VideoPage,
)

Kind = SurveyQuestion.Kind
PROMOTER, DETRACTOR = 9, 6


@dataclass(frozen=True)
class Bar:
    """One option or number with how many chose it, and the share of those who answered."""

    label: str
    count: int
    percent: int


class QuestionResult(NamedTuple):
    """The answers to one question: bars, or the number of texts."""

    question: SurveyQuestion
    answered: int
    bars: list[Bar]
    score: float | None


class SurveyRow(NamedTuple):
    page: SurveyPage
    responses: int


class FeedbackRow(NamedTuple):
    """How often a page helped, of how many answers, and how many wrote what was missing."""

    page: Any
    helped: int
    total: int
    percent: int


def survey_rows() -> list[SurveyRow]:
    """All surveys, one a translation key, with their responses; the newest first."""
    pages = _by_key(SurveyPage.objects.select_related("locale").order_by("-pk"))
    grouped = SurveyResponse.objects.values("survey_key").annotate(n=Count("pk")).order_by()
    counts = dict(grouped.values_list("survey_key", "n"))
    return [SurveyRow(page, counts.get(key, 0)) for key, page in pages.items()]


def survey_of(key: UUID) -> SurveyPage | None:
    """The survey in the language of the CMS, else in the default one."""
    versions = SurveyPage.objects.filter(translation_key=key).select_related("locale")
    return _by_key(versions.order_by("pk")).get(key)


def question_results(survey: SurveyPage) -> list[QuestionResult]:
    """The answers to each question in all languages; two queries however many answers."""
    answers = SurveyAnswer.objects.filter(response__survey_key=survey.translation_key)
    grouped = answers.values("question", "number").annotate(n=Count("pk")).order_by()
    counts: dict[str, dict[int, int]] = {}
    for code, number, count in grouped.values_list("question", "number", "n"):
        counts.setdefault(code, {})[number] = count
    people = answers.values("question").annotate(n=Count("response", distinct=True)).order_by()
    answered = dict(people.values_list("question", "n"))
    return [
        _result(question, counts.get(question.code, {}), answered.get(question.code, 0))
        for question in survey.questions.all()
    ]


def text_answers(survey: SurveyPage, code: str) -> QuerySet:
    """What was written in answer to a question, the latest first."""
    answers = SurveyAnswer.objects.filter(
        response__survey_key=survey.translation_key, question=code
    ).exclude(text="")
    return answers.select_related("response").order_by("-response__answered_at", "-pk")


def feedback_rows() -> list[FeedbackRow]:
    """The pages that readers judged, those that helped least first."""
    pages = _by_key(ArticlePage.objects.select_related("locale").order_by("pk"))
    pages |= _by_key(VideoPage.objects.select_related("locale").order_by("pk"))
    grouped = Feedback.objects.values("page_key").annotate(
        total=Count("pk"), helped=Count("pk", filter=Q(is_helpful=True))
    )
    rows = [
        FeedbackRow(pages[key], helped, total, _percent(helped, total))
        for key, total, helped in grouped.order_by().values_list("page_key", "total", "helped")
        if key in pages
    ]
    return sorted(rows, key=lambda row: (row.percent, -row.total, row.page.pk))


def missing_texts(key: UUID | None = None) -> QuerySet:
    """What readers missed, on one page or on all, the latest first."""
    said = Feedback.objects.exclude(missing="")
    return (said.filter(page_key=key) if key else said).order_by("-given_at", "-pk")


def _result(question: SurveyQuestion, counts: dict[int, int], answered: int) -> QuestionResult:
    labels = question.option_list() if question.has_options() else None
    bars = [
        Bar(
            label=labels[number] if labels else str(number),
            count=counts.get(number, 0),
            percent=_percent(counts.get(number, 0), answered),
        )
        for number in question.scale()
    ]
    return QuestionResult(question, answered, bars, _score(question, counts, answered))


def _score(question: SurveyQuestion, counts: dict[int, int], answered: int) -> float | None:
    """The mean of a rating; of a likelihood promoters (9, 10) minus detractors (0 to 6) in %."""
    if not answered:
        return None
    if question.kind == Kind.RATING:
        return round(sum(number * n for number, n in counts.items()) / answered, 1)
    if question.kind == Kind.NPS:
        promoters = sum(n for number, n in counts.items() if number >= PROMOTER)
        detractors = sum(n for number, n in counts.items() if number <= DETRACTOR)
        return round(100 * (promoters - detractors) / answered)
    return None


def _percent(part: int, whole: int) -> int:
    return round(100 * part / whole) if whole else 0


def _by_key(pages: QuerySet) -> dict[UUID, Any]:
    """One page a translation key: in the active language, else in the default one, else any."""
    order = {settings.LANGUAGE_CODE: 1, get_language() or settings.LANGUAGE_CODE: 2}
    best: dict[UUID, Any] = {}
    for page in pages:
        known = best.get(page.translation_key)
        rank = order.get(page.locale.language_code, 0)
        if known is None or rank > order.get(known.locale.language_code, 0):
            best[page.translation_key] = page
    return best
