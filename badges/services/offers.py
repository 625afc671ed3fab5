"""Rewards as one member sees them: within reach, or how far, and why not (invariant I7)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges.models import Account, ProgramVersion, Reward
from badges.models.boards import EXPERIENCE
from badges.program.schema import Level, Program
from badges.services.books import may_redeem
from badges.services.labels import amount_text, level_label, unit_of
from portal.accounts.models import Member


@dataclass(frozen=True)
class Means:
    """What a member has to spend, and what else rewards may ask of them."""

    balances: dict[str, int]
    needs_address: bool
    program: Program

    def balance(self, currency: str) -> int:
        return self.balances.get(currency, 0)

    def reaches(self, code: str) -> bool:
        """Whether the experience carries a level; one that is no longer there nobody reaches."""
        level = self.program.levels_by_code.get(code)
        return level is not None and self.balance(EXPERIENCE) >= level.experience


@dataclass(frozen=True)
class Offer:
    """A reward, what stands in the way (empty: nothing), and how much is missing."""

    reward: Reward
    hindrance: str
    missing: int
    after: int
    unit: str
    level: Level | None
    needs_address: bool = False

    @property
    def is_within_reach(self) -> bool:
        return not self.hindrance

    @property
    def percent(self) -> int:
        """How much of the price the member has."""
        return (self.reward.price - self.missing) * 100 // self.reward.price


def means_of(member: Member | AnonymousUser) -> Means:
    _version, program = ProgramVersion.objects.current()
    if isinstance(member, AnonymousUser):
        return Means({}, False, program)
    wallets = Account.objects.of(member).filter(kind=Account.Kind.WALLET)
    balances = dict(wallets.values_list("currency", "balance"))
    return Means(balances, not may_redeem(member), program)


def offers_for(member: Member | AnonymousUser, means: Means, now: datetime) -> list[Offer]:
    """Every open reward, those within reach first, then the nearest."""
    offers = [offer_of(reward, means, now) for reward in Reward.objects.for_list(member, now)]
    return sorted(offers, key=lambda offer: (not offer.is_within_reach, offer.missing))


def offer_of(reward: Reward, means: Means, now: datetime) -> Offer:
    """One reward before a member's means; it needs `with_free_codes` and `with_used`."""
    balance = means.balance(reward.currency)
    missing = max(0, reward.price - balance)
    return Offer(
        reward=reward,
        hindrance=next(_hindrances(reward, means, missing, now), ""),
        missing=missing,
        after=balance - reward.price,
        unit=unit_of(reward.currency, means.program),
        level=means.program.levels_by_code.get(reward.level),
        needs_address=means.needs_address,
    )


def sold_out_text() -> str:
    return _("There are none left at the moment.")


def address_text() -> str:
    return _("Confirm your email address first: then your points can be spent.")


def limit_text(limit: int) -> str:
    text = ngettext(
        "You have had it: once for each member.",
        "You have had it %(n)s times, as often as each member may.",
        limit,
    )
    return text % {"n": limit}


def _hindrances(reward: Reward, means: Means, missing: int, now: datetime) -> Iterator[str]:
    """What keeps a member from redeeming, in words, the most lasting first."""
    if not reward.is_open(now):
        yield _not_open_text(reward, now)
    if reward.left == 0:
        yield sold_out_text()
    if reward.limit_per_member is not None and reward.used >= reward.limit_per_member:
        yield limit_text(reward.limit_per_member)
    if reward.level and not means.reaches(reward.level):
        name = level_label(reward.level, means.program)
        yield _("It opens at the level %(level)s.") % {"level": name}
    if means.needs_address:
        yield address_text()
    if missing:
        yield _("%(amount)s to go") % {
            "amount": amount_text(missing, reward.currency, means.program)
        }


def _not_open_text(reward: Reward, now: datetime) -> str:
    if not reward.is_archived and reward.opens_at and reward.opens_at > now:
        moment = date_format(reward.opens_at, "DATETIME_FORMAT")
        return _("It can be redeemed from %(moment)s.") % {"moment": moment}
    return _("It is no longer on offer.")
