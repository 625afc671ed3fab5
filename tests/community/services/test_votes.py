import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from community.models import Vote
from community.services.votes import cast_vote, toggle_vote, withdraw_vote
from tests.factories.community import IdeaFactory


def test_vote_counts_once(member):
    idea = IdeaFactory()

    assert cast_vote(idea=idea, member=member) is True
    assert cast_vote(idea=idea, member=member) is False

    idea.refresh_from_db()
    assert (idea.score, Vote.objects.count()) == (1, 1)


def test_vote_is_taken_back_once(member):
    idea = IdeaFactory()
    cast_vote(idea=idea, member=member)

    assert withdraw_vote(idea=idea, member=member) is True
    assert withdraw_vote(idea=idea, member=member) is False

    idea.refresh_from_db()
    assert idea.score == 0


def test_toggling_goes_back_and_forth(member):
    idea = IdeaFactory()

    assert [toggle_vote(idea=idea, member=member) for _ in range(3)] == [True, False, True]


def test_votes_are_added_to_imported_ones(member):
    idea = IdeaFactory(author=None, source="madrid", source_id="1", imported_votes=15, score=15)

    cast_vote(idea=idea, member=member)

    idea.refresh_from_db()
    assert (idea.score, idea.imported_votes) == (16, 15)


def test_visitors_may_not_vote(commits):
    with pytest.raises(PermissionDenied):
        cast_vote(idea=IdeaFactory(), member=AnonymousUser())


def test_own_vote_credits_nobody_else(member):
    idea = IdeaFactory(author=member)

    cast_vote(idea=idea, member=member)

    assert [one.verb for one in member.activities.all()] == ["community.vote_cast"]
