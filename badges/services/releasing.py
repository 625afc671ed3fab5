"""Points that wait: for the member's verified address, or for as long as a rule keeps them back."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef
from django.utils import timezone

from badges.activities import HOLD_ENDED, POINTS_ADJUSTED
from badges.models import Account, Hold, Transfer
from badges.models.owners import MEMBER
from badges.services.books import Book, is_held
from badges.services.holding import kept_back
from portal.accounts.activities import EMAIL_VERIFIED
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import record

CHUNK = 500


def moved_by_command(activities: Iterable[Activity]) -> set[int]:
    """Release what these activities end the waiting of; the ids of those that moved something."""
    return {one.pk for one in activities if not one.is_reversal and _has_moved(one)}


def _has_moved(activity: Activity) -> bool:
    if activity.verb == EMAIL_VERIFIED:
        return release_held(activity=activity)
    if activity.verb == HOLD_ENDED:
        return release_hold(activity=activity)
    return activity.verb == POINTS_ADJUSTED


def release_held(*, activity: Activity) -> bool:
    """Move what waited for the member's verified address into their wallet; False for nothing.

    What rules keep back goes on waiting.
    """
    waiting = Account.objects.of(activity.member).filter(kind=Account.Kind.HELD, balance__gt=0)
    book = Book([activity.member_id], set(waiting.values_list("currency", flat=True)))
    found = False
    for currency in book.currencies:
        held = book.purse(activity.member_id, currency).held.balance
        kept = kept_back(owner_id=activity.member_id, currency=currency)
        found |= _release(book, activity, currency, held - kept)
    book.write()
    return found


def release_hold(*, activity: Activity) -> bool:
    """End the member's hold that an activity names, once; False where nothing came free.

    What an activity names is no proof that it is the member's: another's hold is left alone. Of a
    member whose address is not verified the points go on waiting for that. Where a reversal has
    used up some of what is held, the hold that ends first gives less.
    """
    hold = Hold.objects.open().of(activity.member).named(activity.object).first()
    if hold is None:
        return False
    book = Book([activity.member_id], [hold.currency])
    kept = kept_back(owner_id=activity.member_id, currency=hold.currency, but=hold)
    rows = Hold.objects.open().filter(pk=hold.pk)
    if not rows.update(closed_at=timezone.now()):
        return False
    held = book.purse(activity.member_id, hold.currency).held.balance
    free = 0 if is_held(activity.member) else min(hold.amount, held - kept)
    found = _release(book, activity, hold.currency, free)
    book.write()
    return found


def end_holds(*, now: datetime | None = None) -> int:
    """Record the end of every hold whose time is over or whose condition is met; how many."""
    now = now or timezone.now()
    accepted = Activity.objects.standing().filter(
        member_id=OuterRef("owner_id"), verb=OuterRef("until_verb"), object=OuterRef("object")
    )
    waiting = Hold.objects.until_something().filter(owner_type=MEMBER)
    met = waiting.filter(Exists(accepted))
    over = Hold.objects.due(now).filter(owner_type=MEMBER).order_by("due_at")[:CHUNK]
    ending = {hold.pk: hold for hold in [*met, *over]}
    members = Member.objects.in_bulk({hold.owner_id for hold in ending.values()})
    for hold in ending.values():
        record(member=members[hold.owner_id], verb=HOLD_ENDED, object=hold.name)
    return len(ending)


def _release(book: Book, activity: Activity, currency: str, amount: int) -> bool:
    if amount <= 0:
        return False
    purse = book.purse(activity.member_id, currency)
    transfer = Transfer(
        owner_id=activity.member_id,
        currency=currency,
        kind=Transfer.Kind.RELEASE,
        amount=amount,
        activity=activity,
        counted_at=activity.occurred_at,
    )
    book.post(transfer, [(purse.held, -amount), (purse.wallet, amount)])
    return True
