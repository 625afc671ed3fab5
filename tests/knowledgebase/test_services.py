from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from badges.services.books import balance
from knowledgebase.models import Feedback, ReadingMark, SurveyAnswer, SurveyResponse
from knowledgebase.services.feedback import feedback_of, give_feedback
from knowledgebase.services.reading import TooSoonError, has_read, least_time, mark_read
from knowledgebase.services.surveys import SurveyClosedError, answer_survey
from knowledgebase.services.visits import read_visit, sign_visit
from tests.factories import knowledge
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule

pytestmark = pytest.mark.usefixtures("knowledge_place")

NOW = timezone.now()


def ago(**parts):
    return timezone.now() - timedelta(**parts)


def test_reading_to_the_end_is_recorded_once_in_every_language(member):
    publish_rule(verb="knowledgebase.article_read", amount=5)
    article = knowledge.article()
    turkish = knowledge.translated(article)

    first = mark_read(member=member, article=article, opened_at=ago(minutes=1))
    second = mark_read(member=member, article=turkish, opened_at=ago(minutes=1))

    assert (first, second) == (True, False)
    assert balance(member=member, currency="points") == 5
    assert member.activities.get().object == f"article:{article.translation_key}"
    assert has_read(member=member, article=turkish)


def test_reading_needs_a_plausible_time(member):
    article = knowledge.article(words=2_000)

    with pytest.raises(TooSoonError) as error:
        mark_read(member=member, article=article, opened_at=ago(seconds=60))

    assert least_time(article) == timedelta(minutes=2_001 / 200) * 0.15
    assert error.value.seconds == 31
    assert not ReadingMark.objects.exists()


def test_short_article_needs_eight_seconds(db):
    assert least_time_of_words(10) == timedelta(seconds=8)


def least_time_of_words(words):
    from knowledgebase.models import ArticlePage

    return least_time(ArticlePage(body=[("paragraph", "<p>" + "word " * words + "</p>")]))


def test_visitor_marks_nothing(db):
    with pytest.raises(PermissionDenied):
        mark_read(member=AnonymousUser(), article=knowledge.article(), opened_at=ago(hours=1))


def test_visit_is_read_only_by_whom_and_where_it_was_signed(member):
    article, other = knowledge.article(), knowledge.article("Other")
    token = sign_visit(member=member, page=article, at=NOW)

    assert read_visit(token, member=member, page=article) == NOW
    assert read_visit(token, member=member, page=other) is None
    assert read_visit(token, member=MemberFactory(), page=article) is None
    assert read_visit(token + "x", member=member, page=article) is None
    assert read_visit("", member=member, page=article) is None


def test_feedback_of_a_member_is_one_and_the_last_word_counts(member):
    publish_rule(verb="knowledgebase.feedback_given", amount=3)
    article = knowledge.article()

    give_feedback(page=article, is_helpful=True, member=member)
    give_feedback(page=article, is_helpful=False, missing=" Winter tents\0 ", member=member)

    said = Feedback.objects.get()
    assert (said.is_helpful, said.missing) == (False, "Winter tents")
    assert balance(member=member, currency="points") == 3


def test_feedback_of_a_visitor_is_one_a_session_and_earns_nothing(commits):
    article, visitor = knowledge.article(), AnonymousUser()

    for is_helpful in (True, False):
        give_feedback(page=article, is_helpful=is_helpful, member=visitor, session_key="abc")
    give_feedback(page=article, is_helpful=True, member=visitor, session_key="def")

    assert sorted(Feedback.objects.values_list("session_key", "is_helpful")) == [
        ("abc", False),
        ("def", True),
    ]
    assert feedback_of(page=article, member=visitor, session_key="abc").is_helpful is False
    assert feedback_of(page=article, member=visitor) is None


@pytest.mark.parametrize(
    "fields", [{"session_key": ""}, {"session_key": "abc", "missing": "x" * 1_001}]
)
def test_feedback_without_giver_or_without_end_is_refused(db, fields):
    with pytest.raises(ValidationError):
        give_feedback(page=knowledge.article(), is_helpful=True, member=AnonymousUser(), **fields)

    assert not Feedback.objects.exists()


def test_survey_is_answered_once_in_every_language(member):
    publish_rule(verb="knowledgebase.survey_answered", amount=15)
    survey = knowledge.survey()
    turkish = knowledge.translated(survey)

    response, is_new = answer_survey(member=member, survey=survey, answers=knowledge.ANSWERS)
    again, is_new_again = answer_survey(member=member, survey=turkish, answers={"q1": 0})

    assert (is_new, is_new_again, again) == (True, False, response)
    assert balance(member=member, currency="points") == 15
    assert list(SurveyAnswer.objects.order_by("pk").values_list("question", "number", "text")) == [
        ("q1", 1, ""),
        ("q2", 0, ""),
        ("q2", 2, ""),
        ("q3", 4, ""),
        ("q4", 9, ""),
        ("q5", 0, "More shade."),
    ]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"q1": None}, ["q1"]),
        ({"q1": 2}, ["q1"]),
        ({"q1": -1}, ["q1"]),
        ({"q1": "1"}, ["q1"]),
        ({"q1": True}, ["q1"]),
        ({"q1": [0]}, ["q1"]),
        ({"q2": []}, ["q2"]),
        ({"q2": [0, 3]}, ["q2"]),
        ({"q3": 0}, ["q3"]),
        ({"q3": 6}, ["q3"]),
        ({"q4": 11}, ["q4"]),
        ({"q4": 9.0}, ["q4"]),
        ({"q5": "x" * 2_001}, ["q5"]),
        ({"q5": 5}, ["q5"]),
        ({"q1": 7, "q3": 9}, ["q1", "q3"]),
    ],
)
def test_answer_that_does_not_fit_its_question_is_named_and_nothing_is_kept(member, change, codes):
    survey = knowledge.survey()

    with pytest.raises(ValidationError) as error:
        answer_survey(member=member, survey=survey, answers=knowledge.ANSWERS | change)

    assert sorted(error.value.message_dict) == codes
    assert not SurveyResponse.objects.exists()
    assert not member.activities.exists()


def test_unknown_question_and_empty_answers_are_refused(member):
    optional = {"code": "q1", "kind": "text", "text": "Anything?", "is_required": False}
    survey = knowledge.survey(questions=[optional])

    for answers in ({"q9": 1}, {}, {"q1": "  "}):
        with pytest.raises(ValidationError):
            answer_survey(member=member, survey=survey, answers=answers)

    assert not SurveyResponse.objects.exists()


def test_closed_survey_takes_no_answer_in_any_language(member):
    survey = knowledge.survey(closes_at=timezone.now() - timedelta(minutes=1))
    turkish = knowledge.translated(survey, closes_at=None)

    with pytest.raises(SurveyClosedError):
        answer_survey(member=member, survey=turkish, answers=knowledge.ANSWERS)


def test_survey_wants_a_member(db):
    with pytest.raises(PermissionDenied):
        answer_survey(member=AnonymousUser(), survey=knowledge.survey(), answers={})
