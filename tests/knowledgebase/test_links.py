from datetime import timedelta

from django.utils import timezone, translation

from knowledgebase.models import Feedback, ReadingMark, SurveyAnswer, SurveyResponse
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.members import erase_knowledge, export_knowledge
from knowledgebase.services.reading import mark_read
from knowledgebase.services.surveys import answer_survey
from portal.activity.registry import resolve_objects
from tests.factories import knowledge


def test_objects_are_titled_in_the_active_language_and_fall_back(member):
    article, video, survey = knowledge.article(), knowledge.video(), knowledge.survey()
    turkish = knowledge.translated(article, title="Sıcak uyuyun")
    objects = [f"{page.object_noun}:{page.object_key}" for page in (article, video, survey)]

    with translation.override("tr"):
        links = resolve_objects([*objects, "article:nonsense", f"video:{article.object_key}"], None)

    assert [links[name].title for name in objects] == [
        "Sıcak uyuyun",
        "Pitch in wind",
        "Your summer",
    ]
    assert links[objects[0]].url == turkish.get_url()
    assert len(links) == 3


def test_unpublished_page_is_no_link(member):
    article = knowledge.article()
    article.unpublish()

    assert resolve_objects([f"article:{article.object_key}"], member) == {}


def test_closing_an_account_keeps_the_counts_and_empties_the_words(member):
    article, survey = knowledge.article(), knowledge.survey()
    mark_read(member=member, article=article, opened_at=timezone.now() - timedelta(hours=1))
    give_feedback(page=article, is_helpful=False, missing="My street", member=member)
    answer_survey(member=member, survey=survey, answers=knowledge.ANSWERS)
    before = export_knowledge(member)

    erase_knowledge(member)

    assert [row["missing"] for row in before["feedback"]] == ["My street"]
    assert before["survey_answers"][-1]["text"] == "More shade."
    assert before["read"][0]["page_key"] == article.object_key
    assert Feedback.objects.get().missing == ""
    assert SurveyResponse.objects.count() == 1
    assert SurveyAnswer.objects.exclude(text="").count() == 0
    assert SurveyAnswer.objects.count() == 5
    assert not ReadingMark.objects.exists()
