from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from knowledgebase.activities import SURVEY_ANSWERED
from knowledgebase.models import SurveyAnswer, SurveyPage, SurveyQuestion, SurveyResponse
from knowledgebase.models.responses import TEXT_LENGTH
from portal.activity.services import record
from portal.cms.visibility import require_visible


class SurveyClosedError(ValidationError):
    """The survey takes no more answers."""


@transaction.atomic
def answer_survey(
    *, member: Any, survey: SurveyPage, answers: dict[str, Any], at: datetime | None = None
) -> tuple[SurveyResponse, bool]:
    """Keep the member's answers; a second time the first ones stay and are returned.

    Arguments: `answers` maps a question's code to the place of the chosen option (from 0), a list
    of places, a number of the scale, or text.
    Returns the response and whether it is new.
    Raises PermissionDenied for a survey that the member may not see, SurveyClosedError, or
    ValidationError with the faults by question code.
    """
    if not member.is_authenticated:
        raise PermissionDenied
    require_visible(survey.translation_key, member)
    now = at or timezone.now()
    known = response_of(member=member, survey=survey)
    if known:
        return known, False
    closes_at = survey.closing_time()
    if closes_at and closes_at <= now:
        raise SurveyClosedError(_("This survey has closed. Thank you for wanting to answer!"))
    rows = _clean(list(survey.questions.all()), answers)
    response, is_new = _respond(survey, member, now)
    if is_new:
        SurveyAnswer.objects.bulk_create(
            SurveyAnswer(response=response, question=code, number=number, text=text)
            for code, number, text in rows
        )
        thing = f"survey:{survey.translation_key}"
        record(member=member, verb=SURVEY_ANSWERED, object=thing, occurred_at=at)
    return response, is_new


def response_of(*, member: Any, survey: SurveyPage) -> SurveyResponse | None:
    return SurveyResponse.objects.filter(
        survey_key=survey.translation_key, member_id=member.pk
    ).first()


def _respond(survey: SurveyPage, member: Any, now: datetime) -> tuple[SurveyResponse, bool]:
    """Insert the response, or return the one with which another request was faster."""
    response = SurveyResponse(
        survey_key=survey.translation_key,
        member=member,
        language=get_language() or "",
        answered_at=now,
    )
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError:
        return SurveyResponse.objects.get(survey_key=survey.translation_key, member=member), False
    return response, True


Row = tuple[str, int, str]


def _clean(questions: list[SurveyQuestion], answers: dict[str, Any]) -> list[Row]:
    """Check every answer by its question's kind; raise all faults at once, by code."""
    rows: list[Row] = []
    faults: dict[str, list[str]] = {}
    for question in questions:
        try:
            rows += _rows_of(question, answers.get(question.code))
        except ValidationError as error:
            faults[question.code] = error.messages
    unknown = set(answers) - {question.code for question in questions}
    if unknown:
        raise ValidationError(_("The survey was changed meanwhile. Reload the page, please."))
    if faults:
        raise ValidationError(faults)
    if not rows:
        raise ValidationError(_("Answer at least one question."))
    return rows


def _rows_of(question: SurveyQuestion, answer: Any) -> list[Row]:
    if question.kind == SurveyQuestion.Kind.TEXT:
        rows = _text_row(question, answer)
    else:
        many = question.kind == SurveyQuestion.Kind.MULTIPLE
        rows = _number_rows(question, answer, many=many)
    if question.is_required and not rows:
        raise ValidationError(_("Please answer this question."))
    return rows


def _text_row(question: SurveyQuestion, answer: Any) -> list[Row]:
    if answer is not None and not isinstance(answer, str):
        raise ValidationError(_("Answer this question in words."))
    text = (answer or "").replace("\0", "").strip()
    if len(text) > TEXT_LENGTH:
        raise ValidationError(_("Please keep it to 2,000 characters."))
    return [(question.code, 0, text)] if text else []


def _number_rows(question: SurveyQuestion, answer: Any, *, many: bool) -> list[Row]:
    if answer is None or answer == "":
        return []
    numbers = answer if many and isinstance(answer, list) else [answer]
    for number in numbers:
        is_whole = isinstance(number, int) and not isinstance(number, bool)
        if not is_whole or number not in question.scale():
            raise ValidationError(_("Choose one of the answers shown."))
    return [(question.code, number, "") for number in sorted(set(numbers))]
