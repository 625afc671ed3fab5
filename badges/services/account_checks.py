"""Whether peaks and holds agree with the accounts' entries: a part of `verify_ledger`.

Each check yields (invariant, message) pairs.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from allauth.account.models import EmailAddress
from django.db.models import CharField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Cast, Coalesce, Concat

from badges.activities import HOLD_ENDED
from badges.models import Account, Entry, Hold, Transfer
from badges.models.owners import MEMBER
from portal.activity.models import Activity
from portal.activity.recounts import Check, Finding

HELD = Account.Kind.HELD
OWNER = ("owner_id", "currency")


def peaks_are_highest() -> Iterator[Finding]:
    """An account's peak is the highest that it ever stood, and a badge may have asked for it."""
    counted = counted_peaks()
    rows = Account.objects.exclude(balance=None).values_list("pk", "peak")
    for pk, peak in rows.iterator():
        if counted.get(pk, 0) != peak:
            yield "I4", f"account {pk}: a peak of {peak} kept, {counted.get(pk, 0)} counted"


def counted_peaks() -> dict[int, int]:
    """The highest that each account with a balance ever stood, where that is above 0."""
    entries = Entry.objects.exclude(account__balance=None).order_by("account", "transfer")
    found = {}
    rows = entries.values_list("account", "amount").iterator(chunk_size=10_000)
    for account, moves in groupby(rows, key=itemgetter(0)):
        stands = peak = 0
        for _account, amount in moves:
            stands += amount
            peak = max(peak, stands)
        found[account] = peak
    return found


def holds_are_kept() -> Iterator[Finding]:
    """A hold keeps what its award put into the held account, for the owner of that award."""
    put = Entry.objects.filter(
        transfer=OuterRef("transfer"),
        account__kind=HELD,
        account__owner_type=OuterRef("owner_type"),
        account__owner_id=OuterRef("owner_id"),
        account__currency=OuterRef("currency"),
    )
    rows = Hold.objects.annotate(put=Coalesce(Subquery(put.values("amount")[:1]), 0))
    same = Q(
        put=F("amount"),
        owner_id=F("transfer__owner_id"),
        currency=F("transfer__currency"),
        object=F("transfer__activity__object"),
    )
    for hold in rows.exclude(same).iterator():
        yield "I2", f"hold {hold.pk} says {hold.amount}, and its award put {hold.put} aside"


def holds_end_for_a_reason() -> Iterator[Finding]:
    """A hold is closed by its end or by the reversal of its award, and by nothing else."""
    named = Concat(Value("hold:"), Cast(OuterRef("pk"), CharField()))
    ends = Activity.objects.filter(
        verb=HOLD_ENDED, member_id=OuterRef("owner_id"), object=named, dispatched_at__isnull=False
    )
    back = Transfer.objects.filter(reverses=OuterRef("transfer"))
    rows = Hold.objects.filter(owner_type=MEMBER).annotate(
        is_over=Exists(ends), is_back=Exists(back)
    )
    for hold in rows.filter(closed_at__isnull=False, is_over=False, is_back=False).iterator():
        yield "I4", f"hold {hold.pk} was closed, and nothing ended it"
    for hold in rows.filter(Q(is_over=True) | Q(is_back=True), closed_at=None).iterator():
        yield "I4", f"hold {hold.pk} is open, and it was ended"


def held_is_waiting() -> Iterator[Finding]:
    """What is held waits in open holds, or for the address of a member who has not proven one.

    It is less where reversals have used some of it up, at most by what they took beyond the holds
    of what they took back.
    """
    open_holds = Hold.objects.open().filter(owner_type=MEMBER).values_list(*OWNER)
    waiting = {tuple(key): n for *key, n in open_holds.annotate(n=Sum("amount")).iterator()}
    accounts = Account.objects.filter(owner_type=MEMBER, kind=HELD).values_list(*OWNER, "balance")
    held = {tuple(key): balance for *key, balance in accounts.iterator() if balance}
    unproven, taken = _unproven({key[0] for key in held}), _taken_by_reversals()
    for key in sorted(held.keys() | waiting.keys()):
        kept, due = held.get(key, 0), waiting.get(key, 0)
        is_short = due - kept > taken.get(key, 0)
        if is_short or (kept > due and key[0] not in unproven):
            yield "I4", f"{kept} {key[1]} of {key[0]} are held, and open holds come to {due}"


def _unproven(owner_ids: set[int]) -> set[int]:
    """Those whose points may wait for their address: not proven, or only now being released."""
    proven = EmailAddress.objects.filter(verified=True).values_list("user_id", flat=True)
    unsent = Activity.objects.undispatched().values_list("member_id", flat=True)
    return (owner_ids - set(proven.iterator())) | set(unsent)


def _taken_by_reversals() -> dict[tuple[int, str], int]:
    """What reversals took of the held beyond the hold of the award that each takes back."""
    own: defaultdict[int, int] = defaultdict(int, Hold.objects.values_list("transfer", "amount"))
    debits = Entry.objects.filter(account__kind=HELD, amount__lt=0).exclude(
        transfer__kind=Transfer.Kind.RELEASE
    )
    names = ("account__owner_id", "account__currency", "transfer__reverses", "amount")
    found: Counter = Counter()
    for owner, currency, award, amount in debits.values_list(*names).iterator():
        found[owner, currency] += max(0, -amount - own[award])
    return found


CHECKS: dict[Check, tuple[str, ...]] = {
    peaks_are_highest: ("badges.Account.peak",),
    holds_are_kept: ("badges.Hold.amount", "badges.Hold.owner_id"),
    holds_end_for_a_reason: ("badges.Hold.closed_at",),
    held_is_waiting: (),
}
