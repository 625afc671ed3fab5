"""Whether rewards, redemptions, codes and the ledger agree: a part of `verify_ledger`.

Each check yields (invariant, message) pairs.
"""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from badges.activities import REWARD_REDEEMED
from badges.models import Redemption, RedemptionStep, Reward, RewardCode, RewardUse, Transfer
from portal.activity.recounts import Check, Finding

State = Redemption.State


def redemptions_agree() -> Iterator[Finding]:
    """Every redemption was paid for once, and given back exactly where it was ended."""
    paid = Transfer.objects.filter(kind=Transfer.Kind.SPEND, activity=OuterRef("activity"))
    back = Transfer.objects.filter(
        kind=Transfer.Kind.REFUND, reverses__activity=OuterRef("activity")
    )
    rows = Redemption.objects.annotate(
        paid=Coalesce(Subquery(paid.values("amount")[:1]), 0),
        payer=Subquery(paid.values("owner_id")[:1]),
        back=Coalesce(Subquery(back.values("amount")[:1]), 0),
    )
    for row in rows.filter(~Q(paid=-F("price")) | ~Q(payer=F("member_id"))):
        yield "I2", f"redemption {row.pk} costs {row.price}, and {-row.paid} was paid"
    standing = Q(state__in=Redemption.STANDING)
    for row in rows.filter(standing & ~Q(back=0) | ~standing & ~Q(back=F("price"))):
        yield "I2", f"redemption {row.pk} is {row.state}, and {row.back} was given back"
    bought = Transfer.objects.filter(kind=Transfer.Kind.SPEND, activity__verb=REWARD_REDEEMED)
    for pk in bought.filter(activity__redemption=None).values_list("pk", flat=True):
        yield "I2", f"transfer {pk} paid for no redemption"


def steps_agree() -> Iterator[Finding]:
    """A redemption stands where its last step left it."""
    last = RedemptionStep.objects.filter(redemption=OuterRef("pk")).order_by("-pk")
    rows = Redemption.objects.annotate(last=Coalesce(Subquery(last.values("state")[:1]), None))
    for row in rows.exclude(state=F("last")) | rows.filter(last=None):
        yield "I4", f"redemption {row.pk} is {row.state}, its last step says {row.last}"


def stock_agrees() -> Iterator[Finding]:
    """Stock and limits count what stands, and are kept."""
    stands = Q(redemptions__state__in=Redemption.STANDING)
    for row in Reward.objects.annotate(n=Count("redemptions", filter=stands)):
        if row.taken != row.n:
            yield "I6", f"reward {row.pk}: {row.taken} kept, {row.n} redemptions stand"
        if row.stock is not None and row.n > row.stock:
            yield "I6", f"reward {row.pk}: {row.n} redemptions of a stock of {row.stock}"
    standing = Redemption.objects.standing().values_list("reward", "member")
    counted = {(reward, member): n for reward, member, n in standing.annotate(n=Count("pk"))}
    kept = RewardUse.objects.exclude(times=0).values_list("reward", "owner_id", "times")
    uses = {(reward, member): n for reward, member, n in kept}
    for reward, member in sorted(counted.keys() | uses.keys()):
        pair = uses.get((reward, member), 0), counted.get((reward, member), 0)
        if pair[0] != pair[1]:
            yield "I6", f"reward {reward} for {member}: {pair[0]} kept, {pair[1]} stand"


def codes_agree() -> Iterator[Finding]:
    """Every standing redemption from a pool has a code of its own; no code is given twice."""
    doubled = RewardCode.objects.values("text").annotate(n=Count("pk")).filter(n__gt=1)
    for row in doubled:
        yield "I6", f"a code is in the pools {row['n']} times"
    without = Redemption.objects.standing().filter(
        reward__fulfilment=Reward.Fulfilment.CODES, code=None
    )
    for pk in without.values_list("pk", flat=True):
        yield "I6", f"redemption {pk} has no code"
    kept = RewardCode.objects.exclude(redemption=None)
    is_pending = Q(redemption__state=State.PENDING)
    wrong = Q(shown_at=None) & ~is_pending | Q(shown_at__isnull=False) & is_pending
    wrong |= ~Q(redemption__reward=F("reward"))
    for code in kept.filter(wrong):
        yield "I6", f"code {code.pk} hangs on redemption {code.redemption_id}"


CHECKS: dict[Check, tuple[str, ...]] = {
    redemptions_agree: ("badges.Redemption.price", "badges.Redemption.member_id"),
    steps_agree: ("badges.Redemption.state",),
    stock_agrees: ("badges.Reward.taken", "badges.RewardUse.times", "badges.RewardUse.owner_id"),
    codes_agree: ("badges.RewardCode.shown_at",),
}
