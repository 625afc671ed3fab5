"""Points that come of age: announced in good time, then moved to the account `expired`.

Nothing goes unannounced: also where a programme brings in an expiry, or shortens it, points go
only some days after their member was told.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from badges.activities import LOT_EXPIRED
from badges.models import (
    Account,
    Adjustment,
    ExpiryMonth,
    ExpiryWarning,
    ProgramVersion,
    Transfer,
)
from badges.models.owners import MEMBER
from badges.program.schema import Program
from badges.services.books import Book
from badges.services.lots import Clock, Lot, clocks, lots_of
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.models.activities import PORTAL
from portal.activity.rows import insert_missing
from portal.activity.services import record
from portal.notifications.services import notify

EXPIRING_NOTICE = "badges.expiring"
CHUNK = 500


def expire_all(*, now: datetime | None = None) -> dict[str, int]:
    """Announce and let go what is due today; a second run does nothing. Returns the sums."""
    _version, program = ProgramVersion.objects.current()
    done = {"warned": 0, "expired": 0}
    for clock in clocks(program, now or timezone.now()):
        months: Counter[date] = Counter()
        for owner_ids in _holders(clock):
            for owner_id, lots in sorted(lots_of(owner_ids, clock).items()):
                if any(_is_due(lot, clock) for lot in lots):
                    done["expired"] += expire(owner_id=owner_id, clock=clock)
                if _is_warning_due(lots, clock):
                    done["warned"] += warn(owner_id=owner_id, lots=lots, clock=clock)
                for lot in lots:
                    if not _is_due(lot, clock):
                        months[lot.expires.replace(day=1)] += lot.amount
        _keep(months, clock)
    return done


@transaction.atomic
def expire(*, owner_id: int, clock: Clock) -> int:
    """Move what is due to the account `expired`, one transfer a member and day; how much it was.

    What is due is worked out under the lock of the member's accounts, so what is being spent at
    the same moment is spent or expires, never both.
    """
    book = Book([owner_id], [clock.currency])
    lots = lots_of([owner_id], clock).get(owner_id, [])
    amount = sum(lot.amount for lot in lots if _is_due(lot, clock))
    key = f"{LOT_EXPIRED}|{owner_id}|{clock.currency}|{clock.today}"
    if not amount or Activity.objects.filter(source=PORTAL, key=key).exists():
        return 0
    member = Member.objects.get(pk=owner_id)
    fact = record(member=member, verb=LOT_EXPIRED, value=amount, key=key)
    transfer = Transfer(
        owner_id=owner_id,
        currency=clock.currency,
        kind=Transfer.Kind.EXPIRY,
        amount=-amount,
        activity=fact,
        counted_at=fact.occurred_at,
    )
    wallet = book.purse(owner_id, clock.currency).wallet
    book.post(transfer, [(wallet, -amount)], against=Account.Kind.EXPIRED)
    book.write()
    return amount


@transaction.atomic
def warn(*, owner_id: int, lots: list[Lot], clock: Clock) -> int:
    """Tell a member what goes within twice the time of warning, once; 1 where it was told."""
    until = clock.today + timedelta(days=2 * clock.expiry.warn)
    going = [lot for lot in lots if not lot.is_told and lot.expires <= until]
    row = ExpiryWarning(
        owner_id=owner_id,
        currency=clock.currency,
        warned_on=clock.today,
        begun_by=until - timedelta(days=clock.expiry.after),
        until=until,
    )
    insert_missing([row], unique=["owner_id", "warned_on"])
    if row.pk is None:
        return 0
    payload = {
        "currency": clock.currency,
        "amount": sum(lot.amount for lot in going),
        "first": min(lot.expires for lot in going).isoformat(),
        "last": max(lot.expires for lot in going).isoformat(),
    }
    notify(recipient=Member.objects.get(pk=owner_id), kind=EXPIRING_NOTICE, payload=payload)
    return 1


def coming_expiries(member: Member, program: Program) -> list[tuple[str, Lot]]:
    """Everything of a member's that will expire, by currency and day, the first one leading."""
    found = [
        (clock.currency, lot)
        for clock in clocks(program, timezone.now())
        for lot in _by_day(lots_of([member.pk], clock).get(member.pk, []))
    ]
    return sorted(found, key=lambda pair: pair[1].expires)


def reinstatable(*, member: Member, currency: str, program: Program, now: datetime) -> int:
    """How much of what has expired may still be given back, within the time of grace."""
    known = program.currencies.get(currency)
    if known is None or known.expires is None:
        return 0
    since = now - timedelta(days=known.expires.grace)
    gone = Transfer.objects.of(member).filter(
        currency=currency, kind=Transfer.Kind.EXPIRY, created_at__gte=since
    )
    given = Adjustment.objects.filter(
        member=member, currency=currency, reason=Adjustment.Reason.EXPIRED, asked_at__gte=since
    ).exclude(is_approved=False)
    return -(_sum(gone)) - _sum(given)


def _is_due(lot: Lot, clock: Clock) -> bool:
    return lot.is_told and lot.expires <= clock.today


@transaction.atomic
def _keep(months: Mapping[date, int], clock: Clock) -> None:
    """Replace what was counted of a currency the night before; runs at once agree."""
    ExpiryMonth.objects.bulk_create(
        [
            ExpiryMonth(currency=clock.currency, month=month, amount=amount, counted_on=clock.today)
            for month, amount in sorted(months.items())
        ],
        update_conflicts=True,
        unique_fields=["currency", "month"],
        update_fields=["amount", "counted_on"],
    )
    ExpiryMonth.objects.filter(currency=clock.currency).exclude(month__in=list(months)).delete()


def _is_warning_due(lots: list[Lot], clock: Clock) -> bool:
    soon = clock.today + timedelta(days=clock.expiry.warn)
    return any(not lot.is_told and lot.expires <= soon for lot in lots)


def _holders(clock: Clock) -> Iterator[list[int]]:
    """The members who hold something of a currency, some hundreds at a time."""
    rows = Account.objects.filter(
        owner_type=MEMBER, currency=clock.currency, kind=Account.Kind.WALLET, balance__gt=0
    )
    last = 0
    while ids := list(
        rows.filter(owner_id__gt=last)
        .order_by("owner_id")
        .values_list("owner_id", flat=True)[:CHUNK]
    ):
        yield ids
        last = ids[-1]


def _by_day(lots: list[Lot]) -> list[Lot]:
    sums: dict[date, Lot] = {}
    for lot in lots:
        former = sums.get(lot.expires)
        amount = lot.amount + (former.amount if former else 0)
        sums[lot.expires] = Lot(lot.begun, amount, lot.expires, lot.is_told)
    return list(sums.values())


def _sum(rows: Any) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0
