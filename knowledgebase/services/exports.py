"""What members answered, as a table."""

from django.utils.translation import gettext as _

from knowledgebase.models import SurveyAnswer, SurveyPage, SurveyQuestion, SurveyResponse


def survey_table(survey: SurveyPage) -> list[list[str]]:
    """A heading and a row a response, the oldest first; several chosen options in one cell."""
    questions = list(survey.questions.all())
    head = [_("Answered at (UTC)"), _("Language"), *(question.text for question in questions)]
    rows = SurveyAnswer.objects.filter(response__survey_key=survey.translation_key)
    given: dict[int, dict[str, list[SurveyAnswer]]] = {}
    for answer in rows.order_by("response_id", "question", "number"):
        given.setdefault(answer.response_id, {}).setdefault(answer.question, []).append(answer)
    responses = SurveyResponse.objects.filter(survey_key=survey.translation_key)
    table = [head]
    for response in responses.order_by("answered_at", "pk"):
        said = given.get(response.pk, {})
        cells = [_cell(question, said.get(question.code, [])) for question in questions]
        moment = response.answered_at.strftime("%Y-%m-%d %H:%M")
        table.append([moment, response.language, *cells])
    return table


def _cell(question: SurveyQuestion, answers: list[SurveyAnswer]) -> str:
    if question.kind == SurveyQuestion.Kind.TEXT:
        return answers[0].text if answers else ""
    options = question.option_list() if question.has_options() else []
    names = dict(enumerate(options))
    return "; ".join(names.get(answer.number, str(answer.number)) for answer in answers)
