"""The knowledge base in the CMS: what members answered and what readers missed."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from knowledgebase.models import SurveyPage, SurveyQuestion, SurveyResponse
from knowledgebase.services.exports import survey_table
from knowledgebase.services.results import (
    feedback_rows,
    missing_texts,
    question_results,
    survey_of,
    survey_rows,
    text_answers,
)
from portal.ui.sheets import XLSX, to_csv, to_xlsx
from portal.ui.staff import demand, page_head
from portal.ui.text import slugify

MAY_SEE = "knowledgebase.view_surveyresponse"
PAGE_SIZE = 30


@require_GET
def survey_list(request: HttpRequest) -> HttpResponse:
    demand(request, MAY_SEE)
    page = Paginator(survey_rows(), PAGE_SIZE).get_page(request.GET.get("p"))
    context = {"page": page, **page_head(_("Survey results"), "list-ul")}
    return render(request, "knowledgebase/cms/survey_list.html", context)


@require_GET
def survey_results(request: HttpRequest, key: UUID) -> HttpResponse:
    survey = _survey_or_404(request, key)
    context = {
        "survey": survey,
        "responses": SurveyResponse.objects.filter(survey_key=key).count(),
        "results": question_results(survey),
        **page_head(survey.title, "list-ul", [_surveys_crumb()]),
    }
    return render(request, "knowledgebase/cms/survey_results.html", context)


@require_GET
def survey_texts(request: HttpRequest, key: UUID, code: str) -> HttpResponse:
    survey = _survey_or_404(request, key)
    question = survey.questions.filter(code=code, kind=SurveyQuestion.Kind.TEXT).first()
    if question is None:
        raise Http404
    texts = text_answers(survey, code)
    trail = [_surveys_crumb(), (reverse("knowledgebase_cms_survey", args=[key]), survey.title)]
    context = {
        "page": Paginator(texts, PAGE_SIZE).get_page(request.GET.get("p")),
        **page_head(question.text, "list-ul", trail),
    }
    return render(request, "knowledgebase/cms/survey_texts.html", context)


@require_GET
def survey_export(request: HttpRequest, key: UUID, form: str) -> HttpResponse:
    survey = _survey_or_404(request, key)
    table = survey_table(survey)
    if form == "xlsx":
        response = HttpResponse(to_xlsx(table, title=survey.title), content_type=XLSX)
    else:
        response = HttpResponse(to_csv(table), content_type="text/csv; charset=utf-8")
    name = f"{slugify(survey.title, fallback='survey')}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
def feedback_list(request: HttpRequest) -> HttpResponse:
    demand(request, MAY_SEE)
    rows = feedback_rows()
    names = {row.page.translation_key: row.page for row in rows}
    texts = Paginator(missing_texts(), PAGE_SIZE).get_page(request.GET.get("p"))
    for text in texts:
        text.page = names.get(text.page_key)
    context = {"rows": rows, "page": texts, **page_head(_("Helpful or not"), "help")}
    return render(request, "knowledgebase/cms/feedback_list.html", context)


def _survey_or_404(request: HttpRequest, key: UUID) -> SurveyPage:
    demand(request, MAY_SEE)
    survey = survey_of(key)
    if survey is None:
        raise Http404
    return survey


def _surveys_crumb() -> tuple[str, str]:
    return reverse("knowledgebase_cms_surveys"), _("Survey results")
