import pytest

from community.services.ideas import post_idea
from community.services.votes import cast_vote, withdraw_vote
from portal.accounts import registry
from portal.accounts.models import Member
from portal.accounts.services.steps import first_week
from tests.factories.members import MemberFactory


def states(member):
    return {state.step.code: state.is_done for state in first_week(member).steps}


def test_first_week_has_five_steps_of_which_none_is_done(member):
    week = first_week(member)

    assert list(states(member)) == ["profile", "video", "vote", "survey", "take-part"]
    assert (week.done, week.is_complete, week.next_step.url) == (0, False, "/settings/profile/")


def test_step_is_done_by_its_activity_and_undone_with_it(member):
    idea = post_idea(author=MemberFactory(), title="Bike racks")

    cast_vote(idea=idea, member=member)
    assert states(member)["vote"]
    withdraw_vote(idea=idea, member=member)
    assert not states(member)["vote"]
    cast_vote(idea=idea, member=member)

    assert states(member)["vote"]


def test_step_stands_while_one_of_its_activities_stands(member):
    ideas = [post_idea(author=MemberFactory(), title=title) for title in ("Racks", "Benches")]
    for idea in ideas:
        cast_vote(idea=idea, member=member)

    withdraw_vote(idea=ideas[1], member=member)

    assert states(member)["vote"]


def test_first_week_takes_one_query(member, django_assert_num_queries):
    with django_assert_num_queries(1):
        first_week(member)


def test_step_without_a_place_is_left_out(member, monkeypatch):
    monkeypatch.setattr(registry, "_steps", {})
    registry.register_step("moon", "Fly", "moon:flight", "import.flown")
    registry.register_step("page", "Read", "/knowledge/", "import.read")

    assert list(states(member)) == ["page"]


def test_welcome_keeps_the_answers_and_leads_on(member_client):
    response = member_client.post(
        "/welcome/", {"hope": "meet", "contact_channel": "portal", "contact_hours": "evening"}
    )

    member = Member.objects.get()
    assert response.headers["Location"] == "/first-week/"
    assert (member.hope, member.contact_channel, member.contact_hours) == (
        "meet",
        "portal",
        "evening",
    )


@pytest.mark.parametrize("hope", ["", "fame"])
def test_welcome_without_or_with_an_unknown_hope(member_client, hope):
    answers = {"hope": hope, "contact_channel": "email", "contact_hours": "any"}

    response = member_client.post("/welcome/", answers)

    assert response.status_code == (302 if not hope else 200)
    assert Member.objects.get().hope == ""


def test_first_week_page_links_each_step_in_the_language_of_the_page(member_client):
    page = member_client.get("/tr/first-week/").content.decode()

    assert 'href="/tr/settings/profile/"' in page
    assert 'href="/tr/surveys/"' in page


def test_welcome_is_for_members(client, db):
    for page in ("/welcome/", "/first-week/"):
        assert client.get(page).headers["Location"] == f"/accounts/login/?next={page}"
