"""Rewards, and members who can afford them."""

from uuid import uuid4

from badges.models import Reward, RewardCode
from badges.services.redeeming import redeem
from badges.services.rewards import add_codes
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule


def make_reward(**fields):
    words = {"name_en": "Enamel mug", "name_tr": "Emaye kupa"}
    words |= {"description_en": "For the morning.", "description_tr": "Sabahlar için."}
    return Reward.objects.create(**{**words, "price": 100, **fields})


def make_pool(*codes, **fields):
    reward = make_reward(fulfilment=Reward.Fulfilment.CODES, **fields)
    add_codes(reward=reward, text="\n".join(codes))
    return reward


def give_points(member, amount):
    """Earn `amount` points by a rule, as members do."""
    publish_rule(verb="import.earned", award={"currency": "points", "per_value": 1})
    record(member=member, verb="import.earned", value=amount, key=str(uuid4()))


def rich_member(amount=1000, **fields):
    member = MemberFactory(**fields)
    give_points(member, amount)
    return member


def bought(reward, member, **more):
    """A redemption of `reward` at its price."""
    return redeem(reward=reward, member=member, price=reward.price, key=uuid4(), **more)


def code_of(redemption):
    return RewardCode.objects.filter(redemption=redemption).values_list("text", flat=True).first()
