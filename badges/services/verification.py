"""Recounting the whole ledger: what `verify_ledger` runs, by night and after every scare."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from badges.models import Account, Claim, Entry, Redemption, Transfer
from badges.services import (
    account_checks,
    adjustment_checks,
    recounting,
    redemption_checks,
    season_checks,
)
from portal.activity.recounts import Check, Finding, recounts, register_recount
from portal.activity.triggers import missing_triggers


@dataclass(frozen=True)
class Problem:
    """A difference: which invariant is broken, and where."""

    invariant: str
    message: str


def verify() -> list[Problem]:
    """Every difference found between the ledger and the invariants of design.md, section 5.

    That goes for whatever any feature keeps beside what it is counted from.
    """
    return [Problem(*finding) for check in recounts() for finding in check()]


def register() -> None:
    """Register the invariants and what the economy keeps; other features add their own."""
    for checks in (
        CHECKS,
        recounting.CHECKS,
        redemption_checks.CHECKS,
        adjustment_checks.CHECKS,
        account_checks.CHECKS,
        season_checks.CHECKS,
    ):
        for check, fields in checks.items():
            register_recount(check, *fields)


def figures() -> dict[str, int]:
    """How much there is to verify."""
    return {
        "accounts": Account.objects.count(),
        "transfers": Transfer.objects.count(),
        "entries": Entry.objects.count(),
        "redemptions": Redemption.objects.count(),
    }


def _paid_once() -> Iterator[Finding]:
    paid = Transfer.objects.filter(kind=Transfer.Kind.AWARD).values(
        "rule_code", "activity_id", "currency"
    )
    for row in paid.annotate(n=Count("pk")).filter(n__gt=1):
        yield "I1", f"rule {row['rule_code']} paid activity {row['activity_id']} twice"
    claimed = Claim.objects.filter(released_at=None).values(
        "rule_code", "owner_type", "owner_id", "bucket"
    )
    for claim in claimed.annotate(n=Count("pk")).filter(n__gt=1):
        yield "I1", f"two claims on {claim['rule_code']} {claim['bucket']}"


def _sums_to_zero() -> Iterator[Finding]:
    for row in Entry.objects.values("account__currency").annotate(total=Sum("amount")):
        if row["total"]:
            yield "I2", f"{row['account__currency']} sums to {row['total']}"
    uneven = Entry.objects.values("transfer_id").annotate(total=Sum("amount"))
    for sum_ in uneven.exclude(total=0):
        yield "I2", f"the entries of transfer {sum_['transfer_id']} sum to {sum_['total']}"
    for pk in Transfer.objects.filter(entries=None).values_list("pk", flat=True):
        yield "I2", f"transfer {pk} has no entries"
    foreign = Entry.objects.exclude(account__currency=F("transfer__currency"))
    for pk in foreign.values_list("transfer_id", flat=True):
        yield "I2", f"transfer {pk} touches an account of another currency"


def _triggers_stand() -> Iterator[Finding]:
    for name in missing_triggers():
        yield "I3", f"the trigger {name} is missing"


def _balances_are_sums() -> Iterator[Finding]:
    stored = Account.objects.exclude(balance=None)
    wrong = stored.annotate(sum=Coalesce(Sum("entries__amount"), 0)).exclude(balance=F("sum"))
    for account in wrong:
        yield "I4", f"{account}: {account.balance} kept, {account.sum} counted"


def _no_overdraft() -> Iterator[Finding]:
    below = Q(kind__in=["wallet", "held"], balance__lt=0) | Q(kind="debt", balance__gt=0)
    for account in Account.objects.filter(below):
        yield "I5", f"{account} stands at {account.balance}"


CHECKS: dict[Check, tuple[str, ...]] = {
    _paid_once: (),
    _sums_to_zero: ("badges.Entry.amount",),
    _triggers_stand: (),
    _balances_are_sums: ("badges.Account.balance",),
    _no_overdraft: (),
}
