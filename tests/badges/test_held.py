"""Points of a member without a verified address: shown as held, released by verifying."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from badges.models import Account, BadgeAward, Transfer
from badges.services.standing import standing_of
from badges.services.verification import verify
from community.services.ideas import post_idea, withdraw_idea
from portal.accounts.models import Member
from portal.accounts.services.members import confirm_email
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule

RICH = badge("rich", {"balance": "points", "at_least": 1_510})
WAITING = "waiting for your verified address"


@pytest.fixture
def newcomer(commits, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    publish_program(rules=[rule(amount=1_500)])
    return MemberFactory(verified=False)


def amounts(member):
    standing = standing_of(member)
    return standing.points, standing.held


def prove(member):
    address = EmailAddress.objects.create(user=member, email=member.email, verified=True)
    confirm_email(member=Member.objects.get(pk=member.pk))
    return address


def test_points_are_held_until_the_address_is_verified(newcomer):
    post_idea(author=newcomer, title="Bike racks")
    assert amounts(newcomer) == (0, 1_500)

    prove(newcomer)

    assert amounts(newcomer) == (1_500, 0)
    assert Transfer.objects.of(newcomer).order_by("-pk").first().kind == Transfer.Kind.RELEASE
    assert verify() == []


def test_held_points_are_released_once_and_later_ones_not_held(newcomer):
    post_idea(author=newcomer, title="Bike racks")
    prove(newcomer)
    confirm_email(member=Member.objects.get(pk=newcomer.pk))

    post_idea(author=Member.objects.get(pk=newcomer.pk), title="Benches")

    assert amounts(newcomer) == (3_000, 0)


def test_what_verifying_earns_comes_on_top_of_what_it_releases(newcomer):
    """The accounts were asked for before the release moved them; the peak must know of both."""
    verifying = rule("verified", "accounts.email_verified", 20)
    publish_program(rules=[rule(amount=1_500), verifying], badges=[RICH])
    post_idea(author=newcomer, title="Bike racks")

    prove(newcomer)

    assert amounts(newcomer) == (1_520, 0)
    assert Account.objects.of(newcomer).get(kind="wallet", currency="points").peak == 1_520
    assert [award.badge_code for award in BadgeAward.objects.of(newcomer)] == ["rich"]
    assert verify() == []


def test_what_is_undone_is_taken_from_the_held_points(newcomer):
    idea = post_idea(author=newcomer, title="Bike racks")

    withdraw_idea(idea=idea, member=newcomer)

    assert amounts(newcomer) == (0, 0)
    assert verify() == []


def test_member_reads_what_is_held(newcomer, client):
    client.force_login(newcomer)
    post_idea(author=newcomer, title="Bike racks")
    held = client.get(reverse("badges:points")).text

    prove(newcomer)

    released = client.get(reverse("badges:points")).text
    assert [WAITING in held, WAITING in released] == [True, False]
    assert "1,500" in held


def test_nothing_is_held_where_it_is_not_demanded(newcomer, settings):
    settings.HOLD_UNVERIFIED_POINTS = False

    post_idea(author=newcomer, title="Bike racks")

    assert amounts(newcomer) == (1_500, 0)
