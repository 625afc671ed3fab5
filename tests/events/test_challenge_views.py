from datetime import timedelta

import pytest
from django.utils import timezone

from community.services.ideas import post_idea
from events.models import Challenge, Participation
from events.services.agenda import challenges_of, running_challenges
from events.services.challenges import join_challenge
from tests.factories.events import ChallengeIndexPage, index_page, make_challenge_page
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("event_places")

HTMX = {"HX-Request": "true"}


def text_of(response):
    return response.content.decode()


def challenge_of(page):
    return Challenge.objects.get(key=page.translation_key)


def test_joining_and_leaving_lead_back_to_the_page(member_client):
    page = make_challenge_page(prize="A patch")
    assert "Join challenge" in text_of(member_client.get(page.url))

    joined = text_of(member_client.post(f"/challenges/{page.object_key}/join/", follow=True))
    left = text_of(member_client.post(f"/challenges/{page.object_key}/leave/", follow=True))

    assert ("Leave challenge" in joined, "You take part" in joined) == (True, True)
    assert ("Join challenge" in left, "You have left" in left) == (True, True)
    assert Participation.objects.count() == 0


def test_htmx_answers_with_the_goal_alone_and_offers_to_undo_leaving(member_client):
    page = make_challenge_page()

    joined = text_of(member_client.post(f"/challenges/{page.object_key}/join/", headers=HTMX))
    left = text_of(member_client.post(f"/challenges/{page.object_key}/leave/", headers=HTMX))

    assert joined.strip().startswith('<section id="take-part"')
    assert 'data-undo="10"' in left


def test_progress_and_finish_show_on_the_page(member_client):
    page = make_challenge_page(goal=2)
    join_challenge(challenge=challenge_of(page), member=member_client.member)
    post_idea(author=member_client.member, title="One")
    assert "1/2" in text_of(member_client.get(page.url))

    post_idea(author=member_client.member, title="Two")

    shown = text_of(member_client.get(page.url))
    assert ("2/2" in shown, "Well done" in shown, "Leave challenge" in shown) == (True, True, False)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_refusals_are_said_in_words(member_client, headers):
    now = timezone.now()
    over = make_challenge_page(starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=1))
    done = make_challenge_page("Done", goal=1)
    join_challenge(challenge=challenge_of(done), member=member_client.member)
    post_idea(author=member_client.member, title="One")

    def post(path):
        return text_of(member_client.post(path, headers=headers, follow=True))

    assert "is over" in post(f"/challenges/{over.object_key}/join/")
    assert "finished this challenge" in post(f"/challenges/{done.object_key}/leave/")


@pytest.mark.parametrize("action", ["join", "leave"])
def test_visitors_are_sent_to_the_log_in(client, commits, action):
    page = make_challenge_page()

    response = client.post(f"/challenges/{page.object_key}/{action}/")

    assert response.url == f"/accounts/login/?next={page.url}"
    assert f"?next={page.url}" in text_of(client.get(page.url))


def test_index_separates_running_from_past(client, commits):
    now = timezone.now()
    index = index_page(ChallengeIndexPage)
    assert "No challenge is running" in text_of(client.get(index.url))
    make_challenge_page("Now")
    make_challenge_page("Soon", starts_at=now + timedelta(days=1))
    make_challenge_page("Over", starts_at=now - timedelta(days=3), ends_at=now - timedelta(days=1))

    context = client.get(index.url).context

    assert [page.title for page in context["challenges"]] == ["Now", "Soon"]
    assert [page.title for page in context["past"]] == ["Over"]


@pytest.mark.parametrize("rows", [1, 3])
def test_index_and_page_cost_the_same_for_any_number(member_client, rows, own_queries):
    index = index_page(ChallengeIndexPage)
    for number in range(rows):
        page = make_challenge_page(f"Challenge {number}")
        join_challenge(challenge=challenge_of(page), member=member_client.member)
        join_challenge(challenge=challenge_of(page), member=MemberFactory())

    assert [own_queries(index.url), own_queries(page.url)] == [6, 6]


def test_agenda_knows_what_a_member_does_and_could_do(member):
    page = make_challenge_page("Joined")
    make_challenge_page("Other")
    join_challenge(challenge=challenge_of(page), member=member)

    assert [(p.title, p.participation.progress) for p in challenges_of(member=member)] == [
        ("Joined", 0)
    ]
    assert [bool(p.participation) for p in running_challenges(limit=5, member=member)] == [
        True,
        False,
    ]
    assert [p.participation for p in running_challenges(limit=5)] == [None, None]
