"""Recounting the whole ledger: what `verify_ledger` runs, by night and after every scare."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from badges.models import Account, Claim, Entry, Redemption, Transfer
from badges.services.adjustment_checks import CHECKS as ADJUSTMENT_CHECKS
from badges.services.recounting import differences
from badges.services.redemption_checks import CHECKS as REDEMPTION_CHECKS
from portal.activity.triggers import missing_triggers


@dataclass(frozen=True)
class Problem:
    """A difference: which invariant is broken, and where."""

    invariant: str
    message: str


def verify() -> list[Problem]:
    """Every difference found between the ledger and the invariants of design.md, section 5."""
    checks = (
        _paid_once,
        _sums_to_zero,
        _triggers_stand,
        _balances_are_sums,
        _no_overdraft,
    )
    problems = [problem for check in checks for problem in check()]
    beside = (*REDEMPTION_CHECKS, *ADJUSTMENT_CHECKS)
    found = [*differences(), *(finding for check in beside for finding in check())]
    return [*problems, *(Problem(*finding) for finding in found)]


def figures() -> dict[str, int]:
    """How much there is to verify."""
    return {
        "accounts": Account.objects.count(),
        "transfers": Transfer.objects.count(),
        "entries": Entry.objects.count(),
        "redemptions": Redemption.objects.count(),
    }


def _paid_once() -> Iterator[Any]:
    paid = Transfer.objects.filter(kind=Transfer.Kind.AWARD).values(
        "rule_code", "activity_id", "currency"
    )
    for row in paid.annotate(n=Count("pk")).filter(n__gt=1):
        yield Problem("I1", f"rule {row['rule_code']} paid activity {row['activity_id']} twice")
    claimed = Claim.objects.filter(released_at=None).values(
        "rule_code", "owner_type", "owner_id", "bucket"
    )
    for claim in claimed.annotate(n=Count("pk")).filter(n__gt=1):
        yield Problem("I1", f"two claims on {claim['rule_code']} {claim['bucket']}")


def _sums_to_zero() -> Iterator[Any]:
    for row in Entry.objects.values("account__currency").annotate(total=Sum("amount")):
        if row["total"]:
            yield Problem("I2", f"{row['account__currency']} sums to {row['total']}")
    uneven = Entry.objects.values("transfer_id").annotate(total=Sum("amount"))
    for sum_ in uneven.exclude(total=0):
        yield Problem("I2", f"the entries of transfer {sum_['transfer_id']} sum to {sum_['total']}")
    for pk in Transfer.objects.filter(entries=None).values_list("pk", flat=True):
        yield Problem("I2", f"transfer {pk} has no entries")
    foreign = Entry.objects.exclude(account__currency=F("transfer__currency"))
    for pk in foreign.values_list("transfer_id", flat=True):
        yield Problem("I2", f"transfer {pk} touches an account of another currency")


def _triggers_stand() -> Iterator[Any]:
    for name in missing_triggers():
        yield Problem("I3", f"the trigger {name} is missing")


def _balances_are_sums() -> Iterator[Any]:
    stored = Account.objects.exclude(balance=None)
    wrong = stored.annotate(sum=Coalesce(Sum("entries__amount"), 0)).exclude(balance=F("sum"))
    for account in wrong:
        yield Problem("I4", f"{account}: {account.balance} kept, {account.sum} counted")


def _no_overdraft() -> Iterator[Any]:
    below = Q(kind__in=["wallet", "held"], balance__lt=0) | Q(kind="debt", balance__gt=0)
    for account in Account.objects.filter(below):
        yield Problem("I5", f"{account} stands at {account.balance}")
