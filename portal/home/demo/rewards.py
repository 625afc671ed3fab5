"""What the demo community's points buy, and who has bought it."""

import random
from datetime import timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum

from badges.models import Redemption, Reward, Transfer
from badges.services.fulfilling import mark_given, return_redemption, show_code
from badges.services.redeeming import redeem
from badges.services.rewards import add_codes, create_reward
from portal.accounts.models import Member
from portal.home.demo.content import LANGUAGES, ago, read
from portal.home.demo.publishing import Pictures

LATEST_DAYS = 18


def load_rewards(pictures: Pictures, manager: Member) -> None:
    """Put the rewards of the file on offer, with their pools filled."""
    for row in read("rewards")["rewards"]:
        words = {
            f"{name}_{code}": row[name][code]
            for name in ("name", "description")
            for code in LANGUAGES
        }
        reward = create_reward(
            by=manager,
            **words,
            picture=pictures.get(row["picture"]),
            currency="points",
            price=row["price"],
            fulfilment=Reward.Fulfilment.CODES if "codes" in row else Reward.Fulfilment.BY_HAND,
            stock=row.get("stock"),
            limit_per_member=row["limit"],
            level=row.get("level", ""),
        )
        if reward.has_codes:
            codes = (f"{row['prefix']}-{number:04}" for number in range(1, row["codes"] + 1))
            add_codes(reward=reward, text="\n".join(codes), by=manager)


@transaction.atomic
def redeem_some(dice: random.Random, manager: Member) -> None:
    """Let members redeem in the last weeks what they could afford then; some still wait.

    It needs their points, so it comes after everything that they earned was worked out.
    """
    rewards = {reward.name_en: reward for reward in Reward.objects.all()}
    for row in read("rewards")["rewards"]:
        bought = _buyers(rewards[row["name"]["en"]], row["redemptions"], dice)
        for number, redemption in enumerate(bought):
            if number >= row["waiting"]:
                _fulfil(redemption, row, manager, is_returned=number < _returned_until(row))


def _returned_until(row: dict) -> int:
    return row["waiting"] + row.get("returned", 0)


def _buyers(reward: Reward, count: int, dice: random.Random) -> list[Redemption]:
    """Redemptions of so many members, the latest first."""
    members = list(Member.objects.filter(email__endswith="@members.example.com").order_by("pk"))
    dice.shuffle(members)
    bought: list[Redemption] = []
    for member in members:
        if len(bought) == count:
            break
        at = ago(1 + len(bought) * LATEST_DAYS / max(1, count), hours=dice.randint(0, 9))
        earned = Transfer.objects.of(member).filter(currency="points", counted_at__lte=at)
        if (earned.aggregate(total=Sum("amount"))["total"] or 0) < reward.price:
            continue
        key = UUID(int=dice.getrandbits(128), version=4)
        try:
            bought.append(redeem(reward=reward, member=member, price=reward.price, key=key, at=at))
        except ValidationError:
            continue
    return bought


def _fulfil(redemption: Redemption, row: dict, manager: Member, *, is_returned: bool) -> None:
    member, at = redemption.member, redemption.redeemed_at + timedelta(hours=20)
    if redemption.reward.has_codes:
        show_code(redemption=redemption, member=member, at=at)
        return
    note = row.get("note", {}).get(member.language, "")
    mark_given(redemption=redemption, staff=manager, note=note, at=at)
    if is_returned:
        reason, later = row["reason"][member.language], at + timedelta(hours=2)
        return_redemption(redemption=redemption, staff=manager, reason=reason, at=later)
