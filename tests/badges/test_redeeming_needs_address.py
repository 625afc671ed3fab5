"""Redeeming where only proven addresses may: said before, refused by the service, harmless."""

import re
from uuid import uuid4

import pytest
from django.urls import reverse

from badges.models import Redemption
from badges.services.books import balance
from badges.services.verification import verify
from tests.factories.rewards import make_reward, rich_member

LIST = "/rewards/"
WORDS = "Confirm your email address first: then your points can be spent."
WAY = "/accounts/email/"
pytestmark = pytest.mark.usefixtures("commits")


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def ask(reward):
    return {"key": str(uuid4()), "price": reward.price}


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


@pytest.fixture
def unverified(client, settings):
    """Somebody who could pay, where only proven addresses may redeem."""
    settings.REDEEMING_NEEDS_ADDRESS = True
    client.member = rich_member(500, verified=False)
    client.force_login(client.member)
    return client


@pytest.mark.parametrize("price", [100, 900])
def test_unverified_member_reads_before_redeeming_what_is_missing(unverified, price):
    reward = make_reward(price=price)
    detail = reverse("badges:reward_detail", args=[reward.pk])
    redeem_url = reverse("badges:reward_redeem", args=[reward.pk])

    for address in (LIST, detail, redeem_url):
        page = unverified.get(address)
        assert WORDS in text_of(page)
        assert f'href="{WAY}"' in page.content.decode()


def test_unverified_member_is_refused_and_loses_nothing(unverified):
    reward = make_reward(price=100)

    answer = unverified.post(reverse("badges:reward_redeem", args=[reward.pk]), ask(reward))

    assert messages_of(unverified.get(answer.url)) == [WORDS]
    assert Redemption.objects.count() == 0
    assert balance(member=unverified.member, currency="points") == 500
    assert verify() == []


def test_who_has_verified_redeems_and_reads_nothing_of_it(client, settings):
    settings.REDEEMING_NEEDS_ADDRESS = True
    member, reward = rich_member(500), make_reward(price=100)
    client.force_login(member)

    assert WORDS not in text_of(client.get(LIST))
    client.post(reverse("badges:reward_redeem", args=[reward.pk]), ask(reward))

    assert Redemption.objects.get().member == member


def test_unverified_member_may_redeem_where_it_is_not_demanded(client):
    member, reward = rich_member(500, verified=False), make_reward(price=100)
    client.force_login(member)

    assert WORDS not in text_of(client.get(LIST))
    client.post(reverse("badges:reward_redeem", args=[reward.pk]), ask(reward))

    assert Redemption.objects.get().member == member
