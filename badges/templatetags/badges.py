"""The signs of the game, for any page: points in the header, the level, what something earns."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from badges.models import ProgramVersion, Redemption, Reward
from badges.program.schema import Badge, Rule
from badges.program.sentences import award_text, criterion_text, name_of, rule_name
from badges.services.labels import amount_text
from badges.services.movement import Move
from badges.services.offers import Offer
from badges.services.standing import POINTS, Standing, standing_of
from portal.accounts.models import Member
from portal.activity.registry import verb_label

register = template.Library()
# So many left are worth a word in a list.
FEW = 10


def _standing(member: Member) -> Standing:
    """A member's standing, read once a request: it is kept on the member object."""
    kept = vars(member)
    if "_standing" not in kept:
        kept["_standing"] = standing_of(member)
    return kept["_standing"]


@register.inclusion_tag("badges/points_link.html", takes_context=True)
def points_link(context: Any, *, oob: bool = False) -> dict:
    """The header's points; nothing for visitors and for members who switched the game off."""
    member = context["request"].user
    if not member.is_authenticated or not member.is_playing:
        return {"shown": False}
    if oob and hasattr(member, "_standing"):
        del member._standing
    return {"shown": True, "standing": _standing(member), "oob": oob}


@register.simple_tag
def standing(member: Member) -> Standing:
    return _standing(member)


@register.simple_tag
def rule_hint(verb: str) -> str:
    """What a verb earns, in words: `20 points`; empty where no rule in force pays for it."""
    _version, program = ProgramVersion.objects.current()
    rules = program.rules_by_verb.get(verb, [])
    return award_text(rules[0], program) if rules else ""


@register.simple_tag
def rule_points(verb: str) -> int:
    """How many points a verb earns by a fixed award; 0 where no rule in force pays it."""
    _version, program = ProgramVersion.objects.current()
    awards = [award for rule in program.rules_by_verb.get(verb, [])[:1] for award in rule.award]
    return next((a.amount or 0 for a in awards if a.currency == POINTS), 0)


@register.simple_tag
def held_count(line: Any) -> str:
    return _("%(n)s times") % {"n": len(line.awards)} if len(line.awards) > 1 else ""


@register.filter
def in_words(part: Any) -> str:
    """The name of a rule, badge, level or currency in the language in force."""
    if part is None:
        return ""
    return rule_name(part, verb_label) if hasattr(part, "verb") else name_of(part)


@register.simple_tag
def rule_award(rule: Rule) -> str:
    _version, program = ProgramVersion.objects.current()
    return award_text(rule, program)


@register.simple_tag
def criterion(badge: Badge) -> str:
    _version, program = ProgramVersion.objects.current()
    return criterion_text(badge.criterion, program, verb_label)


@register.inclusion_tag("badges/board_move.html")
def board_move(move: Move) -> dict:
    """How far a place moved since the former period: an arrow to see, words to hear."""
    return {"move": move}


@register.inclusion_tag("badges/badge_picture.html")
def badge_picture(badge: Badge, *, earned: bool = True, size: int = 64) -> dict:
    """A badge of the programme, drawn from its picture and tier."""
    return {"badge": badge, "earned": earned, "size": size, "name": name_of(badge)}


@register.inclusion_tag("badges/price.html")
def price(offer: Offer) -> dict:
    """What a reward costs: with the coin where it costs points."""
    reward = offer.reward
    return _amount(reward.price, reward.currency, offer.unit)


@register.inclusion_tag("badges/price.html")
def balance_after(offer: Offer) -> dict:
    """What the member has left once they have redeemed the reward."""
    return _amount(offer.after, offer.reward.currency, offer.unit)


@register.inclusion_tag("badges/price.html")
def paid(redemption: Redemption) -> dict:
    """What a redemption cost; the page has put the currency's name on it as `unit`."""
    return _amount(redemption.price, redemption.currency, redemption.unit)


@register.simple_tag
def price_words(offer: Offer) -> str:
    _version, program = ProgramVersion.objects.current()
    return amount_text(offer.reward.price, offer.reward.currency, program)


@register.inclusion_tag("badges/stock_chip.html")
def stock_chip(reward: Reward) -> dict:
    """How many are left, where that is few or none."""
    return {"left": reward.left, "few": FEW}


def _amount(amount: int, currency: str, unit: str) -> dict:
    return {"amount": amount, "unit": unit, "is_points": currency == POINTS}
