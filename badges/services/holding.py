"""Points that a rule keeps back at first: opened and closed with the transfers of a book."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from badges.models import Hold, Transfer
from badges.models.owners import MEMBER
from badges.program.schema import Program
from portal.activity.registry import verb_label

if TYPE_CHECKING:
    from portal.activity.models import Activity


def hold_for(transfer: Transfer, program: Program, fact: "Activity") -> Hold | None:
    """The hold that a rule wants for an award, its amount still open; None for what is old enough.

    The hours count from when the fact happened, so that what comes in late is not kept back for
    a time that is over.
    """
    rule = program.rules_by_code.get(transfer.rule_code)
    if rule is None or rule.hold is None:
        return None
    due_at = None
    if rule.hold.hours:
        due_at = fact.occurred_at + timedelta(hours=rule.hold.hours)
        if due_at <= timezone.now():
            return None
    return Hold(
        owner_type=transfer.owner_type,
        owner_id=transfer.owner_id,
        transfer=transfer,
        currency=transfer.currency,
        object=fact.object,
        due_at=due_at,
        until_verb=rule.hold.until or "",
    )


class Holds:
    """What a book opens and closes, written with it."""

    def __init__(self) -> None:
        self._new: list[Hold] = []
        self._closing: set[int] = set()

    def open(self, hold: Hold, amount: int) -> None:
        """Keep `amount` back; nothing is kept where all of it repaid a debt."""
        if amount:
            hold.amount = amount
            self._new.append(hold)

    def close(self, of: Transfer) -> int:
        """Close the hold of a transfer that is taken back; what the owner's others still need."""
        open_holds = Hold.objects.open().filter(
            owner_type=of.owner_type, owner_id=of.owner_id, currency=of.currency
        )
        amounts = dict(open_holds.values_list("transfer", "amount"))
        if amounts.pop(of.pk, None):
            self._closing.add(of.pk)
        return sum(amount for pk, amount in amounts.items() if pk not in self._closing)

    def write(self) -> None:
        """Put down what was opened and closed; the transfers have their keys by now."""
        for hold in self._new:
            hold.transfer_id = hold.transfer.pk
        if self._new:
            Hold.objects.bulk_create(self._new)
        if self._closing:
            Hold.objects.filter(transfer__in=self._closing).update(closed_at=timezone.now())
        self._new, self._closing = [], set()


def kept_back(*, owner_id: int, currency: str, but: Hold | None = None) -> int:
    """What open holds of a member need in the held account, without one of them."""
    rows = Hold.objects.open().filter(owner_type=MEMBER, owner_id=owner_id, currency=currency)
    if but is not None:
        rows = rows.exclude(pk=but.pk)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def hold_text(hold: Hold | None) -> str:
    """`held until 24 November, 14:00`, in the language in force; empty where nothing waits."""
    if hold is None or hold.closed_at:
        return ""
    what = {"what": verb_label(hold.until_verb), "when": _moment(hold.due_at)}
    if not hold.until_verb:
        return _("held until %(when)s") % what
    if hold.due_at is None:
        return _("held until: %(what)s") % what
    return _("held until %(when)s, or sooner: %(what)s") % what


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
