"""Putting what is kept beside the ledger where the ledger says: balances, totals, counters."""

from datetime import datetime

from django.db import transaction
from django.db.models import F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce, TruncDay

from badges.models import (
    Account,
    BoardMark,
    BudgetUse,
    Entry,
    LimitUse,
    PeriodTotal,
    ProgramVersion,
    Transfer,
)
from badges.program.schema import Program
from badges.services.account_checks import counted_peaks
from badges.services.boards import periods_of
from badges.services.counting import count_anew
from portal.activity.rows import change_by_key, insert_all

OWNER = ("owner_type", "owner_id", "currency")


@transaction.atomic
def rebuild() -> None:
    """Write balances, period totals, limits and budgets anew; transfers are never touched.

    All accounts are locked meanwhile, so awards wait.
    """
    accounts = Account.objects.select_for_update().order_by("pk")
    list(accounts.values_list("pk", flat=True))
    _version, program = ProgramVersion.objects.current()
    _rebuild_balances()
    _rebuild_totals(program)
    codes = set(program.rules_by_code)
    for model in (LimitUse, BudgetUse):
        codes |= set(model.objects.values_list("rule_code", flat=True).distinct())
    count_anew(codes, program)


def _rebuild_balances() -> None:
    sums = Entry.objects.filter(account=OuterRef("pk")).order_by().values("account")
    counted = Coalesce(Subquery(sums.annotate(total=Sum("amount")).values("total")), 0)
    stored = Account.objects.exclude(balance=None).annotate(counted=counted)
    stored.exclude(balance=F("counted")).update(balance=counted)
    change_by_key(Account, ["peak"], sorted(counted_peaks().items()))


def _rebuild_totals(program: Program) -> None:
    """Totals by the programme in force: its zone, its seasons. The marks follow by and by."""
    moved = Transfer.objects.filter(kind__in=Transfer.COUNTED)
    days = moved.annotate(day=TruncDay("counted_at", tzinfo=program.zone)).values_list(
        *OWNER, "day"
    )
    sums = days.annotate(total=Sum("amount"), reached=Max("activity__occurred_at"))
    totals: dict[tuple, tuple[int, datetime]] = {}
    for *owner, day, amount, reached in sums.iterator():
        _type, _id, currency = owner
        for period in periods_of(day, program, currency):
            total, latest = totals.get((*owner, period), (0, reached))
            totals[*owner, period] = (total + amount, max(latest, reached))
    BoardMark.objects.all().delete()
    PeriodTotal.objects.all().delete()
    rows = [(*key, *value) for key, value in totals.items()]
    insert_all(PeriodTotal, [*OWNER, "period", "total", "reached_at"], rows)
