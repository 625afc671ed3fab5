import time

import pytest
from django.db import transaction

from community.models import Idea, Vote
from community.services.ideas import count_votes
from community.services.votes import cast_vote
from tests.factories.community import IdeaFactory
from tests.factories.members import MemberFactory
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
VOTERS = 50


def test_parallel_votes_of_many_members_all_count():
    idea = IdeaFactory()
    voters = MemberFactory.create_batch(VOTERS)

    faults = race(lambda voter=voter: cast_vote(idea=idea, member=voter) for voter in voters)

    idea.refresh_from_db()
    assert (faults, idea.score, idea.votes.count()) == ([], VOTERS, VOTERS)


def test_parallel_votes_of_one_member_count_once():
    idea, voter = IdeaFactory(), MemberFactory()

    faults = race([lambda: cast_vote(idea=idea, member=voter)] * VOTERS)

    idea.refresh_from_db()
    assert (faults, idea.score, idea.votes.count()) == ([], 1, 1)
    assert voter.activities.count() == 1


@needs_postgresql
def test_without_constraint_and_with_a_look_first_one_member_votes_often():
    idea, voter = IdeaFactory(), MemberFactory()

    def look_and_vote():
        with transaction.atomic():
            if not Vote.objects.filter(idea=idea, member=voter).exists():
                time.sleep(0.05)
                Vote.objects.create(idea=idea, member=voter)
                count_votes(idea_id=idea.pk, change=1)

    with without_constraint(Vote, "community_one_vote_a_member"):
        faults = race([look_and_vote] * VOTERS)
        score = Idea.objects.get(pk=idea.pk).score

    assert faults == []
    assert score > 1
