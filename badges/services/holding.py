"""Points that a rule keeps back at first: opened and closed with the transfers of a book."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from badges.models import Hold, Transfer
from badges.models.owners import MEMBER
from badges.program.schema import Holding, Newcomers, Program
from portal.accounts.activities import EMAIL_VERIFIED
from portal.activity.registry import verb_label

if TYPE_CHECKING:
    from portal.activity.models import Activity


class Means(NamedTuple):
    """What the owner of an award has already, as far as a newcomer's award asks.

    `most` is the most that their wallet ever held and what is held beside it; `has_less` says
    that something was taken from the wallet since.
    """

    most: int
    has_less: bool
    is_verified: Callable[[], bool]


def hold_for(transfer: Transfer, program: Program, fact: "Activity", means: Means) -> Hold | None:
    """The hold that a rule wants for an award, its amount still open; None for what is old enough.

    The hours count from when the fact happened, so that what comes in late is not kept back for
    a time that is over.
    """
    rule = program.rules_by_code.get(transfer.rule_code)
    if rule is None or rule.hold is None:
        return None
    timed, newcomer = _timed_hold(transfer, rule.hold, fact), None
    if rule.hold.newcomers and program.currencies[transfer.currency].spendable:
        newcomer = _hold_of_newcomer(transfer, rule.hold.newcomers, fact, means)
    # Whatever has seen the thing is a better judge than the calendar; of two times the later holds.
    if timed is None or newcomer is None or timed.until_verb:
        return timed or newcomer
    return newcomer if newcomer.waits_for_address else max(timed, newcomer, key=_due)


def _timed_hold(transfer: Transfer, said: Holding, fact: "Activity") -> Hold | None:
    """What waits for some hours, or until something happens to the same thing."""
    hold = _empty_hold(transfer, fact)
    hold.until_verb = said.until or ""
    if said.hours:
        hold.due_at = fact.occurred_at + timedelta(hours=said.hours)
    is_over = hold.due_at is not None and hold.due_at <= timezone.now()
    return None if is_over or not (said.hours or said.until) else hold


def _due(hold: Hold) -> datetime:
    return hold.due_at or timezone.now()


def _empty_hold(transfer: Transfer, fact: "Activity") -> Hold:
    return Hold(
        owner_type=transfer.owner_type,
        owner_id=transfer.owner_id,
        transfer=transfer,
        currency=transfer.currency,
        object=fact.object,
    )


def _hold_of_newcomer(
    transfer: Transfer, newcomers: Newcomers, fact: "Activity", means: Means
) -> Hold | None:
    """What goes beyond a newcomer's first points; whoever has spent some has had them."""
    if means.most + transfer.amount <= newcomers.beyond and not means.has_less:
        return None
    hold = _empty_hold(transfer, fact)
    hold.due_at = fact.member.date_joined + timedelta(days=newcomers.days)
    if not means.is_verified():
        hold.until_verb = EMAIL_VERIFIED
        return hold
    return hold if hold.due_at > timezone.now() else None


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
    if hold.waits_for_address:
        return _("held until %(when)s, and until your address is verified") % what
    if not hold.until_verb:
        return _("held until %(when)s") % what
    if hold.due_at is None:
        return _("held until: %(what)s") % what
    return _("held until %(when)s, or sooner: %(what)s") % what


def _moment(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
