"""What must happen once, under real threads on a real database."""

from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone

from knowledgebase.models import (
    Feedback,
    ReadingMark,
    SurveyAnswer,
    SurveyResponse,
    WatchProgress,
)
from knowledgebase.services.feedback import give_feedback
from knowledgebase.services.reading import mark_read
from knowledgebase.services.surveys import answer_survey
from knowledgebase.services.watching import report_watch
from tests.factories import knowledge
from tests.factories.members import MemberFactory
from tests.races import race

THREADS = 6


def at_once(action):
    """Run `action(number)` in threads that start together; return what went wrong."""
    return race([partial(action, number) for number in range(THREADS)])


@pytest.fixture
def racer(transactional_db):
    cache.clear()
    return MemberFactory()


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_everything_counts_once_when_it_arrives_at_once(racer):
    article, survey = knowledge.article(), knowledge.survey()
    video = knowledge.video(duration=100)
    opened_at = timezone.now() - timedelta(seconds=30)

    def everything(number):
        mark_read(member=racer, article=article, opened_at=opened_at)
        give_feedback(page=article, is_helpful=bool(number % 2), member=racer)
        answer_survey(member=racer, survey=survey, answers=knowledge.ANSWERS)
        report_watch(
            member=racer,
            video=video,
            session=UUID(int=number),
            intervals=[[number * 15, number * 15 + 15]],
            opened_at=opened_at,
        )

    assert at_once(everything) == []
    assert ReadingMark.objects.count() == 1
    assert Feedback.objects.count() == 1
    assert (SurveyResponse.objects.count(), SurveyAnswer.objects.count()) == (1, 6)
    assert racer.activities.count() == 3
    seen = WatchProgress.objects.get().seen
    spent = (timezone.now() - opened_at).total_seconds() * 1000
    assert 30_000 <= seen <= spent + 2_000


@pytest.mark.django_db
@pytest.mark.parametrize(
    "fields",
    [
        {"is_helpful": True},
        {"is_helpful": True, "session_key": "abc", "member": "racer"},
    ],
)
def test_feedback_without_one_giver_is_refused_by_the_database(fields):
    member = MemberFactory()
    if fields.get("member"):
        fields = {**fields, "member": member}

    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(page_key=UUID(int=1), language="en", **fields)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("model", "fields"),
    [
        (ReadingMark, {"page_key": UUID(int=1)}),
        (SurveyResponse, {"survey_key": UUID(int=1), "language": "en"}),
        (WatchProgress, {"video_key": UUID(int=1)}),
        (Feedback, {"page_key": UUID(int=1), "language": "en", "is_helpful": True}),
    ],
)
def test_second_row_of_a_member_is_refused_by_the_database(model, fields):
    member = MemberFactory()
    model.objects.create(member=member, **fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(member=member, **fields)
