"""Tables as files that spreadsheet programs open rightly, and that cannot run anything there."""

import csv
import io
import re
from collections.abc import Iterable

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from knowledgebase.models import SurveyAnswer, SurveyPage, SurveyQuestion, SurveyResponse

FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CELL_LENGTH = 32_000
BOM = "\ufeff"


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


def to_csv(table: Iterable[Iterable[str]]) -> bytes:
    """UTF-8 with a byte order mark; semicolons in Turkish, whose spreadsheets expect them."""
    delimiter = ";" if (get_language() or "").startswith("tr") else ","
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([defused(cell) for cell in row] for row in table)
    return (BOM + buffer.getvalue()).encode()


def to_xlsx(table: Iterable[Iterable[str]], *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "1")
    for row in table:
        cells = [WriteOnlyCell(sheet, value=defused(text)) for text in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def defused(text: str) -> str:
    """Text that a spreadsheet program shows and never runs."""
    plain = UNPRINTABLE.sub("", str(text))[:CELL_LENGTH]
    return f"'{plain}" if plain.lstrip().startswith(FORMULA) or plain[:1] in FORMULA else plain


def _cell(question: SurveyQuestion, answers: list[SurveyAnswer]) -> str:
    if question.kind == SurveyQuestion.Kind.TEXT:
        return answers[0].text if answers else ""
    options = question.option_list() if question.has_options() else []
    names = dict(enumerate(options))
    return "; ".join(names.get(answer.number, str(answer.number)) for answer in answers)
