"""Whether adjustments and the ledger agree: a part of `verify_ledger`.

Each check yields (invariant, message) pairs.
"""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Abs, Coalesce

from badges.models import Adjustment, AdjustmentUse, Transfer
from portal.activity.recounts import Check, Finding


def adjustments_agree() -> Iterator[Finding]:
    """What was agreed to was moved once, no further than asked; what was not moved nothing."""
    posted = Transfer.objects.filter(
        kind=Transfer.Kind.ADJUSTMENT, activity=OuterRef("activity"), owner_id=OuterRef("member")
    )
    times = posted.order_by().values("activity").annotate(n=Count("pk")).values("n")
    rows = Adjustment.objects.filter(is_approved=True).annotate(
        posted=Coalesce(Subquery(posted.values("amount")[:1]), 0), times=Subquery(times)
    )
    for row in rows.exclude(posted=F("moved"), times=1):
        yield "I2", f"adjustment {row.pk} moved {row.moved}, the ledger says {row.posted}"
    gone_far = Q(amount__gt=0) & ~Q(moved=F("amount"))
    gone_far |= Q(amount__lt=0) & (Q(moved__gte=0) | Q(moved__lt=F("amount")))
    for row in rows.filter(gone_far):
        yield "I2", f"adjustment {row.pk} asked for {row.amount} and moved {row.moved}"


def caps_agree() -> Iterator[Finding]:
    """What staff asked for is what the counters of their days come to."""
    asked: Counter = Counter()
    rows = Adjustment.objects.annotate(size=Abs("amount"))
    for staff, currency, size in rows.values_list("asked_by", "currency", "size").iterator():
        asked[staff, currency] += size
    kept: Counter = Counter()
    for staff, currency, amount in AdjustmentUse.objects.values_list("staff", "currency", "amount"):
        kept[staff, currency] += amount
    for key in sorted(asked.keys() | kept.keys()):
        if asked[key] != kept[key]:
            yield "I6", f"cap of {key[0]} in {key[1]}: {kept[key]} kept, {asked[key]} asked for"


CHECKS: dict[Check, tuple[str, ...]] = {
    adjustments_agree: ("badges.Adjustment.moved",),
    caps_agree: ("badges.AdjustmentUse.amount",),
}
