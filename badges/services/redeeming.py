"""Redeeming a reward and taking it back: points, stock, limit and code move together or not at all.

Locks are taken in one order everywhere: accounts, the redemption, the reward, the member's use of
it, the code. None of them is trusted alone: each step is a conditional update or a constraint.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.activities import REWARD_REDEEMED
from badges.models import Redemption, RedemptionStep, Reward, RewardCode, RewardUse, Transfer
from badges.models.owners import MEMBER
from badges.models.redemptions import ON_THE_WAY, UNDO
from badges.services.books import Book
from badges.services.offers import limit_text, means_of, offer_of, sold_out_text
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import CHANGES_A_DAY, record, reverse, too_often_text

State = Redemption.State


@transaction.atomic
def redeem(
    *, reward: Reward, member: Member, price: int, key: UUID, at: datetime | None = None
) -> Redemption:
    """Buy a reward for the price that the member agreed to; the same key buys once.

    Arguments: `key` comes with the form; a second call with it returns what the first one bought.
    `at` gives the purchase a past. Raises ValidationError in words where it cannot be.
    """
    now = at or timezone.now()
    book = Book([member.pk], [reward.currency])
    known = Redemption.objects.filter(member=member, key=key).first()
    if known:
        return known
    if at is None:
        _refuse_wavering(reward, member, now)
    fresh = Reward.objects.with_free_codes().with_used(member).get(pk=reward.pk)
    _agree(fresh, member, price, now)
    _take_piece(fresh, price, now)
    _take_place(fresh, member)
    redemption = _write_down(fresh, member, price, key, at)
    if fresh.has_codes:
        _take_code(redemption)
    take_step(redemption, State.PENDING, member, now)
    book.spend(activity=redemption.activity, currency=fresh.currency, amount=price)
    book.write()
    return redemption


@transaction.atomic
def cancel_redemption(
    *, redemption: Redemption, member: Member, at: datetime | None = None
) -> bool:
    """Let the member take their redemption back within ten seconds; False where it was ended.

    Raises PermissionDenied for somebody else's, and ValidationError when the time is over or the
    reward was handed over.
    """
    if redemption.member_id != member.pk:
        raise PermissionDenied
    now = at or timezone.now()
    if now > redemption.redeemed_at + UNDO + ON_THE_WAY:
        raise ValidationError(_("The ten seconds are over. Write to us if you need to return it."))
    if end(redemption=redemption, becomes=State.CANCELLED, actor=member, at=at):
        return True
    redemption.refresh_from_db()
    if redemption.state == State.GIVEN:
        raise ValidationError(_("It was handed over already, so it stays."))
    return False


@transaction.atomic
def end(
    *,
    redemption: Redemption,
    becomes: str,
    actor: Member,
    reason: str = "",
    at: datetime | None = None,
) -> Activity | None:
    """End a standing redemption, once: points, stock and limit come back.

    A code goes back to the pool unless it was shown: what somebody has seen is given to nobody
    else. Returns the reversing activity, or None where another call was faster.
    """
    book = Book([redemption.member_id], [redemption.currency])
    ended_from = [State.PENDING] if becomes == State.CANCELLED else Redemption.STANDING
    rows = Redemption.objects.filter(pk=redemption.pk, state__in=ended_from)
    if not rows.update(state=becomes, reason=reason):
        return None
    redemption.state, redemption.reason = becomes, reason
    take_step(redemption, becomes, actor, at or timezone.now())
    Reward.objects.filter(pk=redemption.reward_id).update(taken=F("taken") - 1)
    uses = RewardUse.objects.filter(owner_type=MEMBER, owner_id=redemption.member_id)
    uses.filter(reward=redemption.reward_id).update(times=F("times") - 1)
    RewardCode.objects.filter(redemption=redemption, shown_at=None).update(redemption=None)
    reversal = reverse(redemption.activity, at=at)
    spent = Transfer.objects.get(activity=redemption.activity, kind=Transfer.Kind.SPEND)
    book.refund(of=spent, activity=reversal, actor=actor)
    book.write()
    return reversal


def take_step(redemption: Redemption, state: str, actor: Member, now: datetime) -> None:
    """Write down what a redemption has become; the database refuses it a second time."""
    RedemptionStep.objects.create(redemption=redemption, state=state, actor=actor, taken_at=now)


def _refuse_wavering(reward: Reward, member: Member, now: datetime) -> None:
    """Counted under the lock of the member's accounts."""
    taken_back = Redemption.objects.filter(reward=reward, member=member, state=State.CANCELLED)
    if taken_back.filter(redeemed_at__gt=now - timedelta(days=1)).count() >= CHANGES_A_DAY:
        raise ValidationError(too_often_text())


def _agree(reward: Reward, member: Member, price: int, now: datetime) -> None:
    """Refuse, in the words of the page, what the member cannot have, or not for this price."""
    if price != reward.price:
        raise ValidationError(_("The price has changed in the meantime. Look at it again."))
    offer = offer_of(reward, means_of(member), now)
    if offer.hindrance:
        raise ValidationError(offer.hindrance)


def _write_down(
    reward: Reward, member: Member, price: int, key: UUID, at: datetime | None
) -> Redemption:
    """Record the activity and the redemption that it brings about."""
    fact = record(
        member=member,
        verb=REWARD_REDEEMED,
        object=reward.object,
        value=price,
        occurred_at=at,
        key=f"{REWARD_REDEEMED}|{member.pk}|{key}",
    )
    return Redemption.objects.create(
        reward=reward,
        member=member,
        key=key,
        activity=fact,
        currency=reward.currency,
        price=price,
        redeemed_at=fact.occurred_at,
    )


def _take_piece(reward: Reward, price: int, now: datetime) -> None:
    on_offer = Reward.objects.open(now).filter(pk=reward.pk, price=price)
    left = on_offer.filter(Q(stock=None) | Q(taken__lt=F("stock")))
    if not left.update(taken=F("taken") + 1):
        raise ValidationError(sold_out_text())


def _take_place(reward: Reward, member: Member) -> None:
    """Count the redemption for the member, as far as the reward's limit goes."""
    use = RewardUse(reward=reward, owner_id=member.pk)
    RewardUse.objects.bulk_create([use], ignore_conflicts=True)
    rows = RewardUse.objects.of(member).filter(reward=reward)
    limit = reward.limit_per_member
    if limit is not None:
        rows = rows.filter(times__lt=limit)
    if not rows.update(times=F("times") + 1):
        raise ValidationError(limit_text(limit or 0))


def _take_code(redemption: Redemption) -> None:
    """Keep a free code for the redemption; it is shown to nobody yet."""
    free = RewardCode.objects.free().filter(reward=redemption.reward_id).order_by("pk")
    pk = free.values_list("pk", flat=True).first()
    if not RewardCode.objects.free().filter(pk=pk).update(redemption=redemption):
        raise ValidationError(sold_out_text())
