"""What a wallet still holds of each day's credits, and when it expires: derived, never stored.

The oldest points are used first; a reversal takes from what it once gave. So what is left of the
credits since a day is what they came to, as far as the balance reaches, and the rest is older.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Case, F, OuterRef, Q, Subquery, Sum, When
from django.db.models.functions import Coalesce, TruncDate

from badges.models import Account, Entry, ExpiryWarning, Transfer
from badges.models.owners import MEMBER
from badges.program.schema import Expiry, Program

Kind = Transfer.Kind
GIVING = (Kind.AWARD, Kind.RELEASE, Kind.ADJUSTMENT, Kind.RESTORE)
MIRRORED = (Kind.REVERSAL, Kind.RESTORE)
# So many days may the nightly run be late and still know each day's credits.
OUTAGE = 30


@dataclass(frozen=True)
class Lot:
    """What is left of a day's credits, and when it goes; `is_told` where it was announced."""

    begun: date
    amount: int
    expires: date
    is_told: bool


@dataclass(frozen=True)
class Clock:
    """The rules and the day by which lots of one currency expire."""

    currency: str
    expiry: Expiry
    program: Program
    today: date

    @property
    def reach(self) -> date:
        """The first day whose credits are told apart: well before the oldest that may be left."""
        days = self.expiry.after + 2 * self.expiry.warn + OUTAGE
        return self.today - timedelta(days=days)


def clocks(program: Program, now: datetime) -> list[Clock]:
    """One for each currency that expires, on the day that it is now in the programme's zone."""
    today = now.astimezone(program.zone).date()
    return [
        Clock(code, currency.expires, program, today)
        for code, currency in program.currencies.items()
        if currency.expires
    ]


def lots_of(owner_ids: Collection[int], clock: Clock) -> dict[int, list[Lot]]:
    """The lots of each owner who holds something, the oldest first, by three statements."""
    wallets = Account.objects.filter(
        owner_type=MEMBER,
        owner_id__in=owner_ids,
        currency=clock.currency,
        kind=Account.Kind.WALLET,
        balance__gt=0,
    )
    balances: dict[int, Any] = dict(wallets.values_list("owner_id", "balance"))
    credits: dict[int, dict[date, int]] = {}
    for owner_id, day, amount in _credits(list(balances), clock):
        credits.setdefault(owner_id, {})[day] = amount
    told = _told(list(balances), clock)
    return {
        owner_id: [
            _lot(begun, amount, told.get(owner_id, []), clock)
            for begun, amount in split(balance, credits.get(owner_id, {}))
        ]
        for owner_id, balance in balances.items()
    }


def split(balance: int, credits: Mapping[date, int]) -> list[tuple[date | None, int]]:
    """Share a balance out over the days of its credits, the newest first; the oldest lot leads.

    `credits` are what each day's credits come to after their reversals. What they do not reach is
    older than all of them.
    """
    found: list[tuple[date | None, int]] = []
    left, fresh = balance, 0
    for day in sorted(credits, reverse=True):
        fresh += credits[day]
        older = min(left, max(0, balance - fresh))
        if older < left:
            found.append((day, left - older))
        left = older
    if left:
        found.append((None, left))
    return found[::-1]


def _lot(begun: date | None, amount: int, told: list[tuple], clock: Clock) -> Lot:
    """When it goes: at its age, and never sooner than some days after it was announced."""
    begun = begun or clock.reach - timedelta(days=1)
    notice, due = timedelta(days=clock.expiry.warn), begun + timedelta(days=clock.expiry.after)
    for warned_on, begun_by, until in told:
        if begun <= begun_by and due <= until:
            return Lot(begun, amount, max(due, warned_on + notice), is_told=True)
    return Lot(begun, amount, max(due, clock.today + notice), is_told=False)


def _credits(owner_ids: Collection[int], clock: Clock) -> Any:
    """(owner, day, amount) of what came into the wallets since the clock's reach."""
    since = datetime.combine(clock.reach, time(), tzinfo=clock.program.zone)
    given = Q(amount__gt=0, transfer__kind__in=GIVING) | Q(transfer__kind=Kind.REVERSAL)
    returned = Q(transfer__kind=Kind.REFUND) & ~Q(transfer__actor=F("transfer__owner_id"))
    rows = Entry.objects.filter(
        given | returned,
        account__owner_type=MEMBER,
        account__owner_id__in=owner_ids,
        account__currency=clock.currency,
        account__kind=Account.Kind.WALLET,
        transfer__created_at__gte=since,
    )
    rows = rows.annotate(begun_at=_begun_at()).filter(begun_at__gte=since)
    days = rows.annotate(day=TruncDate("begun_at", tzinfo=clock.program.zone))
    return days.values_list("account__owner_id", "day").annotate(total=Sum("amount")).order_by()


def _begun_at() -> Case:
    """When a credit began: what is undone or restored belongs to the first award."""
    award = Transfer.objects.filter(
        kind=Kind.AWARD,
        rule_code=OuterRef("transfer__rule_code"),
        currency=OuterRef("transfer__currency"),
        activity=OuterRef("transfer__activity__origin"),
    )
    first = Coalesce(
        Subquery(award.values("created_at")[:1]),
        F("transfer__reverses__created_at"),
        F("transfer__created_at"),
    )
    return Case(When(transfer__kind__in=MIRRORED, then=first), default=F("transfer__created_at"))


def _told(owner_ids: Collection[int], clock: Clock) -> dict[int, list[tuple]]:
    rows = ExpiryWarning.objects.filter(
        owner_type=MEMBER, owner_id__in=owner_ids, currency=clock.currency
    )
    told: dict[int, list[tuple]] = {}
    names = ("owner_id", "warned_on", "begun_by", "until")
    for owner_id, *row in rows.order_by("warned_on").values_list(*names):
        told.setdefault(owner_id, []).append(tuple(row))
    return told
