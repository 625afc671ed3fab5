"""Recounting the whole ledger: what `verify_ledger` runs, by night and after every scare."""

from dataclasses import dataclass

from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce

from badges.models import Account, BudgetUse, Claim, Entry, LimitUse, PeriodTotal, Transfer
from badges.models.boards import EVER
from portal.activity.triggers import missing_triggers

COUNTED = (Transfer.Kind.AWARD, Transfer.Kind.REVERSAL, Transfer.Kind.RESTORE)


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
        _limits_hold,
        _totals_are_sums,
    )
    return [problem for check in checks for problem in check()]


def figures() -> dict[str, int]:
    """How much there is to verify."""
    return {
        "accounts": Account.objects.count(),
        "transfers": Transfer.objects.count(),
        "entries": Entry.objects.count(),
    }


def _paid_once():
    paid = Transfer.objects.filter(kind=Transfer.Kind.AWARD).values(
        "rule_code", "activity_id", "currency"
    )
    for row in paid.annotate(n=Count("pk")).filter(n__gt=1):
        yield Problem("I1", f"rule {row['rule_code']} paid activity {row['activity_id']} twice")
    claimed = Claim.objects.filter(released_at=None).values(
        "rule_code", "owner_type", "owner_id", "bucket"
    )
    for row in claimed.annotate(n=Count("pk")).filter(n__gt=1):
        yield Problem("I1", f"two claims on {row['rule_code']} {row['bucket']}")


def _sums_to_zero():
    for row in Entry.objects.values("account__currency").annotate(total=Sum("amount")):
        if row["total"]:
            yield Problem("I2", f"{row['account__currency']} sums to {row['total']}")
    uneven = Entry.objects.values("transfer_id").annotate(total=Sum("amount"))
    for row in uneven.exclude(total=0):
        yield Problem("I2", f"the entries of transfer {row['transfer_id']} sum to {row['total']}")
    for pk in Transfer.objects.filter(entries=None).values_list("pk", flat=True):
        yield Problem("I2", f"transfer {pk} has no entries")
    foreign = Entry.objects.exclude(account__currency=F("transfer__currency"))
    for pk in foreign.values_list("transfer_id", flat=True):
        yield Problem("I2", f"transfer {pk} touches an account of another currency")


def _triggers_stand():
    for name in missing_triggers():
        yield Problem("I3", f"the trigger {name} is missing")


def _balances_are_sums():
    stored = Account.objects.exclude(balance=None)
    wrong = stored.annotate(sum=Coalesce(Sum("entries__amount"), 0)).exclude(balance=F("sum"))
    for account in wrong:
        yield Problem("I4", f"{account}: {account.balance} kept, {account.sum} counted")


def _no_overdraft():
    below = Q(kind__in=["wallet", "held"], balance__lt=0) | Q(kind="debt", balance__gt=0)
    for account in Account.objects.filter(below):
        yield Problem("I5", f"{account} stands at {account.balance}")


def _standing_awards():
    """What each rule's awards come to, reversals taken off, by owner and currency."""
    rows = Transfer.objects.filter(kind__in=COUNTED).exclude(rule_code="")
    return rows.values("rule_code", "currency")


def _limits_hold():
    used = {(use.rule_code, use.currency): use.used for use in BudgetUse.objects.all()}
    for row in _standing_awards().annotate(total=Sum("amount")):
        kept = used.get((row["rule_code"], row["currency"]))
        if kept is not None and kept != row["total"]:
            yield Problem("I6", f"budget of {row['rule_code']}: {kept} kept, {row['total']} paid")
    ever = {
        (use.rule_code, use.currency, use.owner_id): use.amount
        for use in LimitUse.objects.filter(period=EVER)
    }
    if ever:
        for row in (
            _standing_awards()
            .values("rule_code", "currency", "owner_id")
            .annotate(total=Sum("amount"))
        ):
            kept = ever.get((row["rule_code"], row["currency"], row["owner_id"]))
            if kept is not None and kept > row["total"]:
                yield Problem("I6", f"limit of {row['rule_code']} for {row['owner_id']}: {kept}")


def _totals_are_sums():
    counted = {
        (row["owner_type"], row["owner_id"], row["currency"]): row["total"]
        for row in Transfer.objects.filter(kind__in=COUNTED)
        .values("owner_type", "owner_id", "currency")
        .annotate(total=Sum("amount"))
    }
    for total in PeriodTotal.objects.filter(period=EVER).iterator():
        expected = counted.get((total.owner_type, total.owner_id, total.currency), 0)
        if total.total != expected:
            yield Problem(
                "I4", f"total of {total.owner_id}: {total.total} kept, {expected} counted"
            )
