import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from badges.services.books import balance
from community.models import StatusChange
from community.services.answers import answer_idea
from community.services.ideas import post_idea
from community.services.votes import cast_vote
from tests.factories.community import IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.staff import manager


def points(member):
    return balance(member=member, currency="points")


@pytest.fixture
def boss(commits):
    return manager()


@pytest.fixture
def idea(member):
    publish_program(
        rules=[
            rule("planned", "community.idea_planned", 50),
            rule("done", "community.idea_done", 100),
        ]
    )
    return post_idea(author=member, title="Bike racks")


def test_answer_is_kept_with_its_history(idea, boss):
    answer_idea(idea=idea, status="under_review", by=boss)
    change = answer_idea(idea=idea, status="planned", response="In **spring**.", by=boss)

    idea.refresh_from_db()
    history = StatusChange.objects.for_list(idea)
    assert (idea.status, idea.answered_at) == ("planned", change.changed_at)
    assert [(one.from_status, one.to_status) for one in history] == [
        ("under_review", "planned"),
        ("open", "under_review"),
    ]
    assert change.response_html == "<p>In <strong>spring</strong>.</p>\n"


def test_author_is_paid_once_and_loses_it_when_the_status_goes_back(idea, boss, member):
    for status, expected in [
        ("planned", 50),
        ("in_progress", 50),
        ("done", 150),
        ("in_progress", 50),
        ("declined", 0),
        ("done", 150),
        ("done", 150),
    ]:
        answer_idea(idea=idea, status=status, response=f"Now {status}", by=boss)
        assert points(member) == expected


def test_same_answer_again_is_the_former_one(idea, boss):
    first = answer_idea(idea=idea, status="planned", response="In spring.", by=boss)

    assert answer_idea(idea=idea, status="planned", response="In spring.", by=boss) == first
    assert StatusChange.objects.count() == 1


def test_answer_must_say_something_new(idea, boss):
    with pytest.raises(ValidationError):
        answer_idea(idea=idea, status="open", by=boss)
    with pytest.raises(ValidationError):
        answer_idea(idea=idea, status="nonsense", response="x", by=boss)


def test_only_those_who_may_answer(idea, member):
    with pytest.raises(PermissionDenied):
        answer_idea(idea=idea, status="planned", by=member)


def test_imported_idea_pays_nobody(boss):
    idea = IdeaFactory(author=None, source="madrid", source_id="1")

    answer_idea(idea=idea, status="planned", by=boss)

    assert StatusChange.objects.get().to_status == "planned"


def test_author_and_voters_are_told_once(idea, boss, member):
    voter = MemberFactory()
    for voting in (voter, boss, member):
        cast_vote(idea=idea, member=voting)

    change = answer_idea(idea=idea, status="planned", response="In spring.", by=boss)
    from community.services.telling import tell_voters

    tell_voters.func(change.pk)
    tell_voters.func(change.pk + 1)

    told = {
        one: one.notices.filter(kind="community.idea_status").count() for one in (member, voter)
    }
    assert told == {member: 1, voter: 1}
    assert not boss.notices.filter(kind="community.idea_status").exists()


def test_answer_in_the_past_is_no_news_for_voters(idea, boss, member):
    from datetime import timedelta

    from django.utils import timezone

    voter = MemberFactory()
    cast_vote(idea=idea, member=voter)

    answer_idea(idea=idea, status="planned", by=boss, at=timezone.now() - timedelta(days=3))

    assert not voter.notices.exists()
    assert member.notices.filter(kind="community.idea_status", is_toast=False).count() == 1
