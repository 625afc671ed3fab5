import re

import pytest
from django.urls import reverse

from community.services.ideas import post_idea
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, publish_rule, rule, text

FIRST = badge("first", {"count": {"verb": "community.idea_posted"}, "at_least": 1})


def test_points_page_gives_every_line_its_reason_and_the_way_back(member_client):
    publish_rule(name={"en": "You shared an idea", "tr": "Bir fikir paylaştınız"})
    idea = post_idea(author=member_client.member, title="Bike racks")

    page = member_client.get(reverse("badges:points")).content.decode()

    assert "You shared an idea" in page
    assert f'href="{idea.get_absolute_url()}"' in page
    assert "programme 1" in page


def test_points_page_paints_points_alone_in_amber(member_client):
    publish_program(
        rules=[rule(award=[{"currency": name, "amount": 5} for name in ("points", "experience")])],
        levels=[{"code": "far", "name": text("Far"), "experience": 100}],
    )
    post_idea(author=member_client.member, title="Bike racks")

    page = member_client.get(reverse("badges:points")).text

    amounts = re.findall(r'<span class="amount">(.*?)</article>', page, re.DOTALL)
    assert sorted('class="points' in amount for amount in amounts) == [False, True]
    assert "progress-accent" not in page


def test_points_page_says_why_something_earned_nothing(member_client):
    publish_rule(verb="import.done", limit=[{"times": 1, "per": "day"}])
    for key in ("one", "two"):
        record(member=member_client.member, verb="import.done", key=key)

    page = member_client.get(reverse("badges:points")).content.decode()

    assert "You have reached what it pays in this period." in page
    assert "It can earn again from" in page


@pytest.mark.parametrize("count", [1, 3])
def test_points_page_takes_the_same_queries_for_one_line_and_for_three(
    member_client, count, django_assert_num_queries
):
    publish_rule(verb="import.done")
    for number in range(count):
        record(member=member_client.member, verb="import.done", key=str(number))
    member_client.get(reverse("badges:points"))

    with django_assert_num_queries(17):
        member_client.get(reverse("badges:points"))


def test_points_page_asks_visitors_to_log_in(client, db):
    assert client.get(reverse("badges:points")).status_code == 302


def test_badge_page_shows_criterion_and_holders(client, member):
    publish_program(badges=[FIRST])
    post_idea(author=member, title="Bike racks")

    page = client.get(reverse("badges:badge_detail", args=["first"])).content.decode()

    assert "Shared an idea: once" in page
    assert member.name in page


def test_unknown_badge_is_missing(client, db):
    assert client.get(reverse("badges:badge_detail", args=["none"])).status_code == 404


def test_badge_list_shows_progress_to_members(member_client):
    publish_program(badges=[badge("five", {"count": {"verb": "import.done"}, "at_least": 5})])
    record(member=member_client.member, verb="import.done")

    assert "1 of 5" in member_client.get(reverse("badges:badge_list")).content.decode()


def test_leaderboard_speaks_turkish_under_its_prefix(client, member):
    publish_program(
        rules=[rule("idea", award={"currency": "experience", "amount": 5})],
        levels=[{"code": "new", "name": text("New"), "experience": 0}],
    )
    post_idea(author=member, title="Bike racks")

    page = client.get("/tr/leaderboard/").content.decode()

    assert "Sıralama" in page
    assert member.name in page


@pytest.mark.parametrize("period", ["week", "month", "ever", "nonsense"])
def test_leaderboard_takes_any_period(member_client, period):
    publish_program(rules=[rule("idea", award={"currency": "experience", "amount": 5})])
    post_idea(author=MemberFactory(), title="Bike racks")

    answer = member_client.get(reverse("badges:leaderboard"), {"period": period})

    assert answer.status_code == 200
