from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from badges.services.books import balance
from community.services.ideas import bring_back_idea, post_idea, withdraw_idea
from events.models import Challenge, Participation
from events.services.challenges import advance_for, join_challenge, leave_challenge
from events.tasks import recount_challenge
from portal.activity.services import dispatch
from tests.factories.events import make_challenge, make_challenge_page
from tests.factories.programs import publish_rule

pytestmark = pytest.mark.usefixtures("event_places")

HOUR = timedelta(hours=1)


def progress(member):
    return Participation.objects.get(member=member).progress


def finishes(member):
    return member.activities.filter(verb="events.challenge_finished").facts()


def test_progress_counts_what_was_done_since_the_start(member):
    challenge = make_challenge(goal=3)
    post_idea(author=member, title="Too early", at=challenge.starts_at - HOUR)
    post_idea(author=member, title="Before joining", at=challenge.starts_at + HOUR)

    join_challenge(challenge=challenge, member=member)
    post_idea(author=member, title="After joining")

    assert progress(member) == 2
    assert finishes(member).count() == 0


def test_finishing_is_recorded_once_and_earns_once(member):
    publish_rule(verb="events.challenge_finished", amount=50)
    challenge = make_challenge(goal=1)
    join_challenge(challenge=challenge, member=member)

    idea = post_idea(author=member, title="One")
    advance_for([member.activities.get(object=f"idea:{idea.pk}")])
    dispatch(member.activities.get(object=f"idea:{idea.pk}"))
    post_idea(author=member, title="Two")

    assert Participation.objects.get().is_finished is True
    assert [fact.object for fact in finishes(member)] == [challenge.object]
    assert member.notices.filter(kind="events.challenge_finished").count() == 1
    assert balance(member=member, currency="points") == 50


def test_withdrawing_lowers_the_progress_and_undoes_the_finish_while_it_runs(member):
    publish_rule(verb="events.challenge_finished", amount=50)
    challenge = make_challenge(goal=1)
    join_challenge(challenge=challenge, member=member)
    idea = post_idea(author=member, title="One")

    withdraw_idea(idea=idea, member=member)
    assert progress(member) == 0
    assert Participation.objects.get().is_finished is False
    assert balance(member=member, currency="points") == 0
    bring_back_idea(idea=idea, member=member)

    assert progress(member) == 1
    assert Participation.objects.get().is_finished is True
    assert balance(member=member, currency="points") == 50


def test_what_was_finished_by_the_end_stays(member):
    challenge = make_challenge(goal=1)
    join_challenge(challenge=challenge, member=member)
    idea = post_idea(author=member, title="One", at=timezone.now() - 2 * HOUR)
    Challenge.objects.update(ends_at=timezone.now() - HOUR)

    withdraw_idea(idea=idea, member=member)

    assert Participation.objects.get().is_finished is True


def test_joining_late_finishes_at_once_when_enough_was_done(member):
    challenge = make_challenge(goal=1)
    post_idea(author=member, title="One")

    first = join_challenge(challenge=challenge, member=member)
    again = join_challenge(challenge=challenge, member=member)

    assert again == first
    assert first.is_finished is True
    assert finishes(member).count() == 1


def test_other_verbs_and_members_who_did_not_join_do_not_count(member):
    make_challenge(verbs=["community.vote_cast"])

    post_idea(author=member, title="One")

    assert Participation.objects.count() == 0


def test_leaving_forgets_the_progress_and_joining_again_finds_it(member):
    challenge = make_challenge(goal=2)
    join_challenge(challenge=challenge, member=member)
    post_idea(author=member, title="One")

    assert leave_challenge(challenge=challenge, member=member) is True
    assert leave_challenge(challenge=challenge, member=member) is False
    join_challenge(challenge=challenge, member=member)

    assert progress(member) == 1


def test_finished_challenge_cannot_be_left(member):
    challenge = make_challenge(goal=1)
    join_challenge(challenge=challenge, member=member)
    post_idea(author=member, title="One")

    with pytest.raises(ValidationError, match="finished"):
        leave_challenge(challenge=challenge, member=member)


def test_challenge_that_is_over_or_forbidden_cannot_be_joined(member):
    now = timezone.now()
    over = make_challenge(starts_at=now - 5 * HOUR, ends_at=now - HOUR)

    with pytest.raises(ValidationError, match="over"):
        join_challenge(challenge=over, member=member)
    member.closed_at = now
    with pytest.raises(PermissionDenied):
        join_challenge(challenge=over, member=member)


def test_publishing_another_goal_counts_everybody_anew(member):
    page = make_challenge_page(goal=2)
    challenge = Challenge.objects.get()
    join_challenge(challenge=challenge, member=member)
    post_idea(author=member, title="One")

    page.goal = 1
    page.save_revision().publish()
    assert Participation.objects.get().is_finished is True
    page.save_revision().publish()
    recount_challenge.enqueue(str(challenge.key))

    assert finishes(member).count() == 1


def test_advancing_a_participation_that_is_gone_does_nothing(member):
    from events.services.challenges import advance

    challenge = make_challenge(goal=2)
    participation = join_challenge(challenge=challenge, member=member)
    leave_challenge(challenge=challenge, member=member)

    assert advance(participation=participation) == 0


def test_history_is_finished_in_its_own_time(member):
    now = timezone.now()
    challenge = make_challenge(goal=1, starts_at=now - 50 * HOUR, ends_at=now - 10 * HOUR)

    join_challenge(challenge=challenge, member=member, at=now - 40 * HOUR)
    post_idea(author=member, title="One", at=now - 30 * HOUR)

    assert Participation.objects.get().finished_at == now - 30 * HOUR
    assert finishes(member).get().occurred_at == now - 30 * HOUR
