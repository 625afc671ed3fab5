"""Moving value: every change of a balance goes through `post`, in the caller's transaction."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Greatest

from badges.models import Account, Entry, Transfer
from badges.models.owners import MEMBER, SYSTEM
from badges.program.schema import Program
from badges.services.boards import count_in_periods

Kind = Account.Kind
STORED = (Kind.WALLET, Kind.HELD, Kind.DEBT)


class OverdraftError(RuntimeError):
    """An account would have fallen below zero; the database refused and nothing was moved."""


@dataclass(frozen=True)
class Purse:
    """A member's accounts in one currency, locked in the order of their ids."""

    currency: str
    owner_type: str
    owner_id: int
    wallet: Account
    held: Account
    debt: Account


def lock_purse(*, member_id: int, currency: str) -> Purse:
    """Return a member's accounts in `currency`, made when missing, locked until the commit."""
    owner = {"owner_type": MEMBER, "owner_id": member_id}
    accounts = Account.objects.filter(**owner, currency=currency, kind__in=STORED)
    found = {account.kind: account for account in accounts.select_for_update().order_by("pk")}
    if len(found) < len(STORED):
        missing = [
            Account(**owner, currency=currency, kind=kind, balance=0)
            for kind in STORED
            if kind not in found
        ]
        Account.objects.bulk_create(missing, ignore_conflicts=True)
        return lock_purse(member_id=member_id, currency=currency)
    return Purse(currency, MEMBER, member_id, found["wallet"], found["held"], found["debt"])


def system_account(currency: str, kind: str = Kind.PROGRAM) -> Account:
    """The brand's own account of `kind`; it keeps no balance, so it is never a hot row."""
    account, _made = Account.objects.get_or_create(
        owner_type=SYSTEM, owner_id=0, currency=currency, kind=kind
    )
    return account


def credit_lines(purse: Purse, amount: int, *, held: bool = False) -> list[tuple[Account, int]]:
    """Where `amount` goes: debts are repaid first, the rest is kept or held."""
    repaid = min(amount, -purse.debt.balance)
    kept = purse.held if held else purse.wallet
    return [(purse.debt, repaid), (kept, amount - repaid)]


def debit_lines(purse: Purse, amount: int) -> list[tuple[Account, int]]:
    """Where `amount` is taken from when something is undone: held, then wallet, then debt."""
    from_held = min(amount, purse.held.balance)
    from_wallet = min(amount - from_held, purse.wallet.balance)
    lines = [(purse.held, -from_held), (purse.wallet, -from_wallet)]
    return [*lines, (purse.debt, from_held + from_wallet - amount)]


def post(
    transfer: Transfer,
    lines: Iterable[tuple[Account, int]],
    *,
    against: str = Kind.PROGRAM,
    program: Program | None = None,
) -> Transfer:
    """Write a transfer with its entries and move the balances; the other side is `against`.

    With `program` it counts in that programme's week, month and season too.
    Raises OverdraftError when an account no longer holds what a line takes, IntegrityError when
    the same rule has paid the same activity before.
    """
    moved = [(account, amount) for account, amount in lines if amount]
    transfer.save(force_insert=True)
    system = system_account(transfer.currency, against)
    total = sum(amount for _account, amount in moved)
    sides = [*moved, (system, -total)] if total else moved
    Entry.objects.bulk_create(
        Entry(transfer=transfer, account=account, amount=amount) for account, amount in sides
    )
    for account, amount in sorted(moved, key=lambda line: line[0].pk):
        _move(account, amount)
    if program:
        count_in_periods(transfer, program)
    return transfer


def post_award(
    *, activity, currency: str, amount: int, rule_code: str, version: int | None, program: Program
) -> Transfer:
    """Credit the activity's member with what a rule pays."""
    purse = lock_purse(member_id=activity.member_id, currency=currency)
    transfer = Transfer(
        owner_id=activity.member_id,
        currency=currency,
        kind=Transfer.Kind.AWARD,
        amount=amount,
        activity=activity,
        rule_code=rule_code,
        program_id=version,
        counted_at=activity.occurred_at,
    )
    lines = credit_lines(purse, amount, held=_is_held(activity.member))
    return post(transfer, lines, program=program)


def post_opposite(*, of: Transfer, activity, program: Program) -> Transfer:
    """Take back what `of` moved, once, in the periods in which it was counted."""
    purse = lock_purse(member_id=of.owner_id, currency=of.currency)
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
        lines = credit_lines(purse, -of.amount, held=_is_held(activity.member))
    else:
        lines = debit_lines(purse, of.amount)
    return post(transfer, lines, program=program)


def release_held(*, activity) -> None:
    """Move what waited for the member's verified address into their wallet."""
    waiting = Account.objects.of(activity.member).filter(kind=Kind.HELD, balance__gt=0)
    for currency in list(waiting.values_list("currency", flat=True)):
        purse = lock_purse(member_id=activity.member_id, currency=currency)
        amount = purse.held.balance
        transfer = Transfer(
            owner_id=activity.member_id,
            currency=currency,
            kind=Transfer.Kind.RELEASE,
            amount=amount,
            activity=activity,
            counted_at=activity.occurred_at,
        )
        post(transfer, [(purse.held, -amount), (purse.wallet, amount)])


def balance(*, member, currency: str) -> int:
    """What the member's wallet holds now."""
    wallets = Account.objects.of(member).filter(currency=currency, kind=Kind.WALLET)
    return wallets.values_list("balance", flat=True).first() or 0


def _is_held(member) -> bool:
    return settings.HOLD_UNVERIFIED_POINTS and not member.is_verified


def _move(account: Account, amount: int) -> None:
    new = F("balance") + amount
    room = Q(balance__lte=-amount) if account.kind == Kind.DEBT else Q(balance__gte=-amount)
    rows = Account.objects.filter(room, pk=account.pk)
    if not rows.update(balance=new, peak=Greatest(F("peak"), new)):
        raise OverdraftError(f"{account} holds less than {-amount}")
    account.balance += amount
