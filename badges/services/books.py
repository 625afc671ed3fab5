"""Accounts locked, moved between in memory, and written down at once.

Everything that changes a balance goes through a `Book`: it locks the accounts of its owners in the
order of their ids, takes transfers, and `write` puts transfers, entries, balances and period totals
into the database by a handful of statements, however many transfers there are.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from badges.models import Account, Entry, Transfer
from badges.models.owners import MEMBER, SYSTEM
from badges.program.schema import Program
from badges.services.boards import PeriodSums
from badges.services.holding import Holds, Means, hold_for
from portal.accounts.models import Member
from portal.activity.bundles import Answer, Bundle
from portal.activity.models import Activity
from portal.activity.rows import change_by_key, insert, insert_all, new
from portal.activity.values import is_among

Kind = Account.Kind
STORED = (Kind.WALLET, Kind.HELD, Kind.DEBT)
CHUNK = 1_000
LOCKED = (
    "SELECT owner_id, currency, id, kind, balance, peak FROM badges_account"
    " WHERE owner_type = %s AND {} AND currency IN ({}) AND kind IN ({})"
    " ORDER BY id"
)


class OverdraftError(RuntimeError):
    """An account holds less than a line would take; nothing was moved."""


@dataclass(slots=True)
class Place:
    """A member's account as it stands after the lines so far; `delta` is what they moved."""

    pk: int
    kind: str
    balance: int
    peak: int
    delta: int = 0

    def move(self, amount: int) -> None:
        """Raises OverdraftError where the account would leave its side of zero."""
        balance = self.balance + amount
        if (balance > 0) if self.kind == Kind.DEBT else (balance < 0):
            raise OverdraftError(f"account {self.pk} ({self.kind}) holds less than {-amount}")
        self.balance = balance
        self.delta += amount
        self.peak = max(self.peak, balance)

    @property
    def is_below_peak(self) -> bool:
        return self.balance < self.peak


class Purse(NamedTuple):
    """An owner's accounts in one currency."""

    wallet: Place
    held: Place
    debt: Place

    def credit_lines(self, amount: int, *, held: bool = False) -> list[tuple[Place, int]]:
        """Where `amount` goes: debts are repaid first, the rest is kept or held."""
        repaid = min(amount, -self.debt.balance)
        kept = self.held if held else self.wallet
        return [(self.debt, repaid), (kept, amount - repaid)]

    def debit_lines(self, amount: int, *, kept: int = 0) -> list[tuple[Place, int]]:
        """Where `amount` is taken from when something is undone: held, then wallet, then debt.

        Of what is held, `kept` is touched last before the debt: other awards wait for it.
        """
        from_held = min(amount, max(0, self.held.balance - kept))
        from_wallet = min(amount - from_held, self.wallet.balance)
        from_held += min(amount - from_held - from_wallet, self.held.balance - from_held)
        lines = [(self.held, -from_held), (self.wallet, -from_wallet)]
        return [*lines, (self.debt, from_held + from_wallet - amount)]


class Book:
    """The accounts of some owners in some currencies, locked until the commit.

    Arguments: `owner_ids` are members, `currencies` codes; accounts that are missing are made.
    `locked` are the rows of `ask_accounts`, where these were asked for before. A dry book locks
    and makes nothing and is never written: it is for looking ahead.
    """

    def __init__(
        self,
        owner_ids: Collection[int],
        currencies: Collection[str],
        *,
        is_dry: bool = False,
        locked: Sequence[tuple] | None = None,
    ):
        self.currencies = sorted(currencies)
        owners = sorted(owner_ids)
        if is_dry:
            self._purses = _imagined_purses(owners, self.currencies)
        else:
            self._purses = _locked_purses(owners, self.currencies, locked)
        self._transfers: list[tuple[Transfer, list[tuple[Place, int]], str]] = []
        self._sums, self._opened_at = PeriodSums(), timezone.now()
        self._may_hold = settings.HOLD_UNVERIFIED_POINTS
        self._verified: dict[int, bool] = {}
        self._holds = Holds()

    def purse(self, owner_id: int, currency: str) -> Purse:
        return self._purses[owner_id, currency]

    def post(
        self,
        transfer: Transfer,
        lines: Iterable[tuple[Place, int]],
        *,
        against: str = Kind.PROGRAM,
        program: Program | None = None,
    ) -> Transfer:
        """Move the balances and keep the transfer to be written; the other side is `against`.

        With `program` it counts in that programme's week, month and season too. Raises
        OverdraftError when an account does not hold what a line takes.
        """
        moved = [(place, amount) for place, amount in lines if amount]
        for place, amount in moved:
            place.move(amount)
        self._transfers.append((transfer, moved, against))
        if program:
            self._sums.add(transfer, program)
        return transfer

    def award(
        self,
        *,
        activity: "Activity",
        currency: str,
        amount: int,
        rule_code: str,
        version: Any,
        program: Any,
    ) -> Transfer:
        """Credit the activity's member with what a rule pays."""
        transfer = new(
            Transfer,
            owner_id=activity.member_id,
            currency=currency,
            kind=Transfer.Kind.AWARD,
            amount=amount,
            activity=activity,
            rule_code=rule_code,
            program_id=version,
            counted_at=activity.occurred_at,
            created_at=self._opened_at,
        )
        return self._credit(transfer, activity, program)

    def _credit(self, transfer: Transfer, activity: "Activity", program: Program) -> Transfer:
        """Repay debts, then keep the rest or hold it: for the address, or as the rule says."""
        purse = self.purse(transfer.owner_id, transfer.currency)
        hold = hold_for(transfer, program, activity, self._means(purse, activity))
        is_held = self._is_held(activity) or hold is not None
        lines = purse.credit_lines(transfer.amount, held=is_held)
        if hold is not None:
            self._holds.open(hold, lines[1][1])
        return self.post(transfer, lines, program=program)

    def opposite(self, *, of: Transfer, activity: "Activity", program: Program) -> Transfer:
        """Take back what `of` moved, once, in the periods in which it was counted."""
        purse = self.purse(of.owner_id, of.currency)
        gives = of.amount < 0
        transfer = Transfer(
            owner_id=of.owner_id,
            currency=of.currency,
            kind=Transfer.Kind.RESTORE if gives else Transfer.Kind.REVERSAL,
            amount=-of.amount,
            activity=activity,
            rule_code=of.rule_code,
            program_id=of.program_id,
            reverses=of,
            counted_at=of.counted_at,
        )
        if gives:
            return self._credit(transfer, activity, program)
        rule = program.rules_by_code.get(of.rule_code)
        kept = 0
        if purse.held.balance or (rule and rule.hold):
            kept = self._holds.close(of)
        return self.post(transfer, purse.debit_lines(of.amount, kept=kept), program=program)

    def _means(self, purse: Purse, activity: Activity) -> Means:
        most, has_less = purse.wallet.peak + purse.held.balance, purse.wallet.is_below_peak
        return Means(most, has_less, lambda: self._is_verified(activity))

    def _is_held(self, activity: Activity) -> bool:
        """The same as `is_held`, asked once a member."""
        return self._may_hold and not self._is_verified(activity)

    def _is_verified(self, activity: Activity) -> bool:
        known = self._verified.get(activity.member_id)
        if known is None:
            known = self._verified[activity.member_id] = has_verified_address(activity.member)
        return known

    def spend(self, *, activity: Activity, currency: str, amount: int) -> Transfer:
        """Take what the activity's member pays for a reward. Raises OverdraftError."""
        wallet = self.purse(activity.member_id, currency).wallet
        transfer = Transfer(
            owner_id=activity.member_id,
            currency=currency,
            kind=Transfer.Kind.SPEND,
            amount=-amount,
            activity=activity,
            counted_at=activity.occurred_at,
        )
        return self.post(transfer, [(wallet, -amount)], against=Kind.REDEEMED)

    def refund(self, *, of: Transfer, activity: Activity, actor: Member) -> Transfer:
        """Give back what was spent, once; debts are repaid first. It counts in no period."""
        transfer = Transfer(
            owner_id=of.owner_id,
            currency=of.currency,
            kind=Transfer.Kind.REFUND,
            amount=-of.amount,
            activity=activity,
            reverses=of,
            actor=actor,
            counted_at=activity.occurred_at,
        )
        lines = self.purse(of.owner_id, of.currency).credit_lines(-of.amount)
        return self.post(transfer, lines, against=Kind.REDEEMED)

    def write(self, bundle: Bundle | None = None, *, keys: Sequence[int] = ()) -> None:
        """Put down what was posted; the database refuses what would pay twice or overdraw.

        With a bundle this happens when that is sent; `keys` were reserved for the transfers.
        """
        if not self._transfers:
            return
        sent = bundle or Bundle()
        insert([transfer for transfer, _lines, _kind in self._transfers], keys=keys, bundle=sent)
        self._write_entries(sent)
        self._write_balances(sent)
        self._sums.write(sent)
        if bundle is None:
            sent.send()
        self._holds.write()
        self._transfers = []

    def _write_entries(self, bundle: Bundle) -> None:
        sides = []
        others = system_accounts({(one.currency, kind) for one, _lines, kind in self._transfers})
        for transfer, lines, against in self._transfers:
            total = 0
            for place, amount in lines:
                sides.append((transfer.id, place.pk, amount))
                total += amount
            if total:
                sides.append((transfer.id, others[transfer.currency, against], -total))
        insert_all(Entry, ["transfer", "account", "amount"], sides, bundle=bundle)

    def _write_balances(self, bundle: Bundle) -> None:
        places = {
            place.pk: place for _transfer, lines, _kind in self._transfers for place, _ in lines
        }
        change_by_key(
            Account,
            ["balance", "peak"],
            [(pk, place.delta, place.peak) for pk, place in sorted(places.items())],
            changes="balance = t.balance + v.column2, peak = v.column3",
            bundle=bundle,
        )
        for place in places.values():
            place.delta = 0


def is_held(member: Member) -> bool:
    """Whether what the member earns waits for their verified address.

    Asked anew each time: an address may have been verified, and what was held released, since the
    member was read.
    """
    return settings.HOLD_UNVERIFIED_POINTS and not has_verified_address(member)


def may_redeem(member: Member) -> bool:
    """Whether the member may buy with what they earned: on a server only with a proven address.

    Asked anew each time, so that the answer within a purchase's transaction is that of its moment.
    """
    if not (settings.REDEEMING_NEEDS_ADDRESS or settings.HOLD_UNVERIFIED_POINTS):
        return True
    return has_verified_address(member)


def has_verified_address(member: Member) -> bool:
    """Whether one of the member's addresses is proven, asked anew each time."""
    return EmailAddress.objects.filter(user_id=member.pk, verified=True).exists()


def balance(*, member: Member, currency: str) -> int:
    """What the member's wallet holds now."""
    wallets = Account.objects.of(member).filter(currency=currency, kind=Kind.WALLET)
    return wallets.values_list("balance", flat=True).first() or 0


def system_accounts(wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Ids of the brand's own accounts by (currency, kind); they keep no balance: no hot row.

    An id never changes, so a process remembers those that are committed.
    """
    if all(pair in _known_ids for pair in wanted):
        return _known_ids
    rows = Account.objects.filter(owner_type=SYSTEM, owner_id=0)
    found = {(row.currency, row.kind): row.pk for row in rows}
    if missing := [pair for pair in sorted(wanted) if pair not in found]:
        Account.objects.bulk_create(
            [
                Account(owner_type=SYSTEM, owner_id=0, currency=currency, kind=kind)
                for currency, kind in missing
            ],
            ignore_conflicts=True,
        )
        return system_accounts(wanted)
    transaction.on_commit(lambda: _known_ids.update(found))
    return found


def forget_system_accounts() -> None:
    """Ask the database again: it has been emptied."""
    _known_ids.clear()


_known_ids: dict[tuple[str, str], int] = {}


def _imagined_purses(owner_ids: list[int], currencies: list[str]) -> dict[tuple[int, str], Purse]:
    """What owners have now, to go on from in memory; none of it is locked or made."""
    rows = Account.objects.filter(owner_type=MEMBER, currency__in=currencies, kind__in=STORED)
    if len(owner_ids) <= CHUNK:
        rows = rows.filter(owner_id__in=owner_ids)
    names = ("owner_id", "currency", "pk", "kind", "balance", "peak")
    places: dict[tuple[int, str], dict[str, Place]] = {}
    for owner_id, currency, *rest in rows.values_list(*names):
        places.setdefault((owner_id, currency), {})[rest[1]] = Place(*rest)
    return {
        pair: Purse(*(places.get(pair, {}).get(kind) or Place(0, kind, 0, 0) for kind in STORED))
        for pair in product(owner_ids, currencies)
    }


def _locked_purses(
    owner_ids: list[int], currencies: list[str], rows: Sequence[tuple] | None = None
) -> dict[tuple[int, str], Purse]:
    if not owner_ids or not currencies:
        return {}
    if rows is None:
        rows = ask_accounts(owner_ids, currencies, Bundle()).rows
    places: dict[tuple[int, str], dict[str, Place]] = {}
    for owner_id, currency, pk, kind, balance, peak in rows:
        places.setdefault((owner_id, currency), {})[kind] = Place(pk, kind, balance, peak)
    pairs = list(product(owner_ids, currencies))
    missing = [
        Account(owner_type=MEMBER, owner_id=pair[0], currency=pair[1], kind=kind, balance=0)
        for pair in pairs
        if len(places.get(pair, ())) < len(STORED)
        for kind in STORED
        if kind not in places.get(pair, ())
    ]
    if missing:
        Account.objects.bulk_create(missing, ignore_conflicts=True)
        return _locked_purses(owner_ids, currencies)
    return {
        pair: Purse(places[pair]["wallet"], places[pair]["held"], places[pair]["debt"])
        for pair in pairs
    }


def ask_accounts(owner_ids: Sequence[int], currencies: Sequence[str], bundle: Bundle) -> Answer:
    """Lock accounts in the order of their ids; owner, currency, id, kind, balance, peak return."""
    lock = " FOR UPDATE" if connection.features.has_select_for_update else ""
    answer = Answer(bundle)
    for start in range(0, len(owner_ids), CHUNK):
        owners, parameters = is_among("owner_id", owner_ids[start : start + CHUNK])
        marks = [", ".join(["%s"] * len(values)) for values in (currencies, STORED)]
        statement = LOCKED.format(owners, *marks) + lock
        bundle.add(statement, [MEMBER, *parameters, *currencies, *STORED], answer)
    return answer
