import csv
import io
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import AnonymousUser, Permission
from openpyxl import load_workbook
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from knowledgebase.models import SurveyPage
from knowledgebase.services.exports import survey_table
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.results import question_results
from knowledgebase.services.surveys import answer_survey
from portal.ui.sheets import defused, to_csv
from tests.factories import knowledge
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("knowledge_place")


@pytest.fixture
def editor(commits):
    editor = MemberFactory(name="Editor")
    wanted = ["access_admin", "view_surveyresponse"]
    editor.user_permissions.set(Permission.objects.filter(codename__in=wanted))
    return editor


@pytest.fixture
def answered(commits):
    survey = knowledge.survey()
    for place, text in ((0, "=1+1"), (1, 'Şemsiye; "gölge"'), (1, "")):
        answers = {"q1": place, "q2": [0, 2], "q3": 3 + place, "q4": 10 * place, "q5": text}
        answer_survey(member=MemberFactory(), survey=survey, answers=answers)
    return survey


def test_results_count_every_answer(answered):
    single, multiple, rating, nps, text = question_results(answered)

    assert [(bar.label, bar.count, bar.percent) for bar in single.bars] == [
        ("Sea", 1, 33),
        ("Mountain", 2, 67),
    ]
    assert [bar.count for bar in multiple.bars] == [3, 0, 3]
    assert multiple.answered == 3
    assert (rating.score, nps.score) == (3.7, 33)
    assert [bar.count for bar in nps.bars] == [1, *[0] * 9, 2]
    assert (text.bars, text.answered) == ([], 2)


def test_results_ask_three_times_however_many_responded(answered, django_assert_num_queries):
    survey = SurveyPage.objects.get(pk=answered.pk)

    with django_assert_num_queries(3):
        question_results(survey)


def test_editor_reads_results_and_texts(client, editor, answered):
    client.force_login(editor)
    key = answered.translation_key

    listed = client.get("/cms/surveys/").content.decode()
    results = client.get(f"/cms/surveys/{key}/").content.decode()
    texts = client.get(f"/cms/surveys/{key}/texts/q5/").content.decode()

    assert "Your summer" in listed
    assert "3 responses" in results
    assert "3.7 of 5 on average" in results
    assert "=1+1" in texts
    assert client.get(f"/cms/surveys/{key}/texts/q1/").status_code == 404


@pytest.mark.parametrize(
    "path", ["", "{key}/", "{key}/texts/q5/", "{key}/export.csv", "{key}/export.xlsx"]
)
def test_results_need_their_permission(client, answered, path):
    stranger = MemberFactory()
    stranger.user_permissions.set(Permission.objects.filter(codename="access_admin"))
    url = "/cms/surveys/" + path.format(key=answered.translation_key)

    assert client.get(url).status_code == 302
    client.force_login(stranger)
    assert client.get(url).status_code == 302
    assert "Survey results" not in client.get("/cms/").content.decode()


def test_export_opens_rightly_and_runs_nothing(client, editor, answered):
    client.force_login(editor)
    key = answered.translation_key

    response = client.get(f"/cms/surveys/{key}/export.csv")
    sheet = client.get(f"/cms/surveys/{key}/export.xlsx").content

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert rows[0][2:4] == ["Where do you camp?", "With whom?"]
    assert rows[1][2:] == ["Sea", "Alone; Dog", "3", "0", "'=1+1"]
    assert rows[2][-1] == 'Şemsiye; "gölge"'
    first = load_workbook(io.BytesIO(sheet)).active
    assert [cell.value for cell in first[2]][2:] == ["Sea", "Alone; Dog", "3", "0", "'=1+1"]


def test_turkish_csv_is_parted_by_semicolons(answered, settings):
    from django.utils import translation

    with translation.override("tr"):
        rows = to_csv(survey_table(answered)).decode("utf-8-sig").splitlines()

    assert rows[1].endswith(";'=1+1")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=cmd()", "'=cmd()"),
        (" +1", "' +1"),
        ("-1", "'-1"),
        ("@x", "'@x"),
        ("\tx", "'\tx"),
        ("a=b", "a=b"),
        ("\x00a\x0bb", "ab"),
        ("x" * 40_000, "x" * 32_000),
    ],
)
def test_cells_are_defused(text, shown):
    assert defused(text) == shown


def test_editor_reads_which_pages_helped_and_what_was_missed(client, editor):
    article = knowledge.article("Sleep warm")
    visitor = AnonymousUser()
    give_feedback(page=article, is_helpful=True, member=visitor, session_key="a")
    give_feedback(
        page=article, is_helpful=False, missing="<b>Winter</b>", member=visitor, session_key="b"
    )
    client.force_login(editor)

    html = client.get("/cms/helpful/").content.decode()

    assert "Sleep warm" in html
    assert "50%" in html
    assert "&lt;b&gt;Winter&lt;/b&gt;" in html


def form_of(survey, questions, initial=None, deleted=()):
    """The CMS's form of a survey with `questions` as an editor would send them."""
    rows = [{"text": "What?", "kind": "single", "options": "", **row} for row in questions]
    data = nested_form_data(
        {
            "title": survey.title,
            "slug": survey.slug,
            "questions": inline_formset(rows, initial=len(initial or ())),
        }
    )
    form_class = SurveyPage.get_edit_handler().get_form_class()
    return form_class(data=data, instance=survey, for_user=MemberFactory(is_superuser=True))


def test_questions_get_codes_of_their_own(db):
    survey = knowledge.survey(questions=[])
    form = form_of(survey, [{"options": "A\nB"}, {"kind": "text"}])

    assert form.is_valid(), form.errors
    form.save()

    assert list(survey.questions.order_by("sort_order").values_list("code", flat=True)) == [
        "q1",
        "q2",
    ]


def test_question_with_options_wants_two(db):
    form = form_of(knowledge.survey(questions=[]), [{"options": "Only one"}])

    assert not form.is_valid()
    assert "options" in form.formsets["questions"].errors[0]


def test_options_of_an_answered_question_stay_in_place(member):
    question = {"code": "q1", "kind": "single", "text": "Where?", "options": "Sea\nMountain"}
    survey = knowledge.survey(questions=[question])
    answer_survey(member=member, survey=survey, answers={"q1": 1})
    row = survey.questions.get()

    shorter = form_of(survey, [{"id": row.pk, "kind": "text"}], initial=[row])
    longer = form_of(survey, [{"id": row.pk, "options": "Sea\nMountain\nLake"}], initial=[row])

    assert not shorter.is_valid()
    assert sorted(shorter.formsets["questions"].errors[0]) == ["kind", "options"]
    assert longer.is_valid(), longer.formsets["questions"].errors


@pytest.mark.parametrize("chapters", ["Wind", "99:99 Wind", "0:30 Late\n0:10 Early", "1:5 Short"])
def test_chapters_that_cannot_be_read_are_named(db, chapters):
    from django.core.exceptions import ValidationError

    video = knowledge.video()
    video.chapters = chapters

    with pytest.raises(ValidationError) as error:
        video.full_clean()

    assert list(error.value.message_dict) == ["chapters"]


def test_member_chooser_finds_by_name(client, editor):
    MemberFactory(name="Zeynep", handle="zeynep")
    client.force_login(editor)

    html = client.get("/cms/member_chooser/results/?" + urlencode({"q": "zey"})).content.decode()

    assert "Zeynep" in html
    assert "Editor" not in html
