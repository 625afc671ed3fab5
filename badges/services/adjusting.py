"""Points given and taken by hand, with a reason, within limits, the large ones by two people.

Locks are taken in the ledger's order: the member's accounts, then the adjustment, then the counter
of the day. Two people and one decision are held by the database as well.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from badges.activities import POINTS_ADJUSTED
from badges.models import (
    Account,
    Adjustment,
    AdjustmentUse,
    AdjustmentWords,
    ProgramVersion,
    Transfer,
)
from badges.program.schema import Program
from badges.services.books import Book, is_held
from badges.services.expiring import reinstatable
from badges.services.labels import amount_text
from badges.services.rewards import spendable_currencies
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import record
from portal.notifications.services import notify
from portal.ui.text import storable

PERMISSION = "badges.adjust_points"
ADJUSTED_NOTICE = "badges.adjusted"
DECIDED_NOTICE = "badges.adjustment_decided"
MOST = 1_000_000

Reason = Adjustment.Reason


@transaction.atomic
def adjust(
    *,
    member: Member,
    currency: str,
    amount: int,
    reason: str,
    notes: dict[str, str],
    by: Member,
    key: UUID,
    at: datetime | None = None,
) -> Adjustment:
    """Give a member points, or take some (`amount` below zero), and tell them why.

    Up to ADJUSTMENT_ALONE it is done at once, above that it waits for a second person. Taking stops
    at what the wallet holds. Arguments: `notes` are words to the member by language, the member's
    own among them; `key` comes with the form, and a second call with it returns what the first one
    made; `at` gives it a past.
    Raises PermissionDenied, and ValidationError in words where it cannot be.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    now = at or timezone.now()
    book = Book([member.pk], [currency])
    known = Adjustment.objects.filter(key=key).first()
    if known and known.asked_by_id != by.pk:
        raise PermissionDenied
    if known:
        return known
    _version, program = ProgramVersion.objects.current()
    _agree(member, currency, amount, reason, by, program)
    asked = {"member": member, "currency": currency, "amount": amount, "reason": reason}
    if reason == Reason.EXPIRED:
        _agree_to_reinstate(member, currency, amount, program, now)
    adjustment = _write_down(asked, notes, key=key, asked_by=by, asked_at=now)
    if not adjustment.needs_second:
        _settle(adjustment, book, None, at)
    _count_for_today(adjustment, program, now)
    return adjustment


@transaction.atomic
def approve_adjustment(
    *, adjustment: Adjustment, by: Member, at: datetime | None = None
) -> Adjustment | None:
    """Agree to what somebody else asked for, once; None where it was decided before.

    Raises PermissionDenied for the one who asked, for the member concerned and without the right,
    and ValidationError where nothing is left to take.
    """
    _demand_second(adjustment, by)
    book = Book([adjustment.member_id], [adjustment.currency])
    fresh = Adjustment.objects.waiting().select_related("member").filter(pk=adjustment.pk).first()
    if fresh is None:
        return None
    _settle(fresh, book, by, at)
    _tell_asker(fresh)
    return fresh


@transaction.atomic
def decline_adjustment(
    *, adjustment: Adjustment, by: Member, answer: str, at: datetime | None = None
) -> bool:
    """Refuse what somebody else asked for, once, in words to them; False where it was decided.

    Raises PermissionDenied as `approve_adjustment` does; who asked may take it back so, too.
    """
    if not by.has_perm(PERMISSION):
        raise PermissionDenied
    is_own = adjustment.asked_by_id == by.pk
    if not is_own:
        _demand_second(adjustment, by)
    Book([adjustment.member_id], [adjustment.currency])
    rows = Adjustment.objects.waiting().filter(pk=adjustment.pk)
    fields = {"is_approved": False, "decided_at": at or timezone.now()}
    if not is_own:
        fields["decided_by"] = by
    if not rows.update(**fields):
        return False
    AdjustmentWords.objects.filter(adjustment=adjustment).update(answer=storable(answer))
    adjustment.refresh_from_db()
    if not is_own:
        _tell_asker(adjustment)
    return True


def cap_of(staff: Member) -> int:
    """How much somebody of the staff may give and take a day, by the highest of their roles."""
    caps: dict[str, int] = settings.ADJUSTMENT_PER_DAY
    if staff.is_superuser:
        return caps["administrator"]
    roles = staff.groups.values_list("name", flat=True)
    return max((caps[role] for role in roles if role in caps), default=min(caps.values()))


def _agree(
    member: Member, currency: str, amount: int, reason: str, by: Member, program: Program
) -> None:
    """Refuse in words what nobody can do."""
    if member.pk == by.pk:
        raise ValidationError(_("Nobody gives themselves points, or takes their own."))
    if member.closed_at:
        raise ValidationError(_("This account is closed."))
    if currency not in spendable_currencies(program):
        text = _("Only what can be spent is given by hand; the rest is earned.")
        raise ValidationError({"currency": text})
    if not 0 < abs(amount) <= MOST:
        text = _("From 1 to %(most)s, please.") % {"most": MOST}
        raise ValidationError({"amount": text})
    if reason not in Reason.values or reason in _unfitting(amount):
        raise ValidationError({"reason": _("This reason does not go with what you do.")})


def _agree_to_reinstate(
    member: Member, currency: str, amount: int, program: Program, now: datetime
) -> None:
    """Refuse to give back more than has expired within the time of grace."""
    gone = reinstatable(member=member, currency=currency, program=program, now=now)
    if amount > gone:
        text = _("Of what has expired lately, %(amount)s may still be given back.")
        raise ValidationError({"amount": text % {"amount": amount_text(gone, currency, program)}})


def _write_down(asked: dict[str, Any], notes: dict[str, str], **more: Any) -> Adjustment:
    """Keep what was asked for and the words to the member, who must be able to read them."""
    notes = {code: storable(text).strip() for code, text in notes.items()}
    language = asked["member"].language
    if not notes.get(language):
        raise ValidationError({f"note_{language}": _("The member reads this language.")})
    is_large = abs(asked["amount"]) > settings.ADJUSTMENT_ALONE
    adjustment = Adjustment.objects.create(**asked, **more, needs_second=is_large)
    AdjustmentWords.objects.create(
        adjustment=adjustment, note_en=notes.get("en", ""), note_tr=notes.get("tr", "")
    )
    return adjustment


def _unfitting(amount: int) -> tuple:
    return Adjustment.ONLY_TAKEN if amount > 0 else Adjustment.ONLY_GIVEN


def _demand_second(adjustment: Adjustment, by: Member) -> None:
    """Two people: who asked and who gains or loses do not decide."""
    involved = (adjustment.asked_by_id, adjustment.member_id)
    if by.pk in involved or not by.has_perm(PERMISSION):
        raise PermissionDenied


def _settle(adjustment: Adjustment, book: Book, by: Member | None, at: datetime | None) -> None:
    """Move the points and decide the row, both or neither."""
    moved = _movable(adjustment, book)
    if not moved:
        raise ValidationError(_("There is nothing left in the wallet to take."))
    fact = _post(adjustment, moved, book, at)
    rows = Adjustment.objects.waiting().filter(pk=adjustment.pk)
    decided = {"decided_by": by, "decided_at": at or timezone.now(), "is_approved": True}
    rows.update(**decided, activity=fact, moved=moved)
    adjustment.refresh_from_db()
    notify(
        recipient=adjustment.member,
        kind=ADJUSTED_NOTICE,
        activity=fact,
        payload={"adjustment": adjustment.pk},
    )


def _post(adjustment: Adjustment, moved: int, book: Book, at: datetime | None) -> Activity:
    """Record the cause and write the transfer that it brings about."""
    member, currency = adjustment.member, adjustment.currency
    fact = record(
        member=member,
        verb=POINTS_ADJUSTED,
        object=adjustment.object,
        value=moved,
        occurred_at=at,
    )
    transfer = Transfer(
        owner_id=member.pk,
        currency=currency,
        kind=Transfer.Kind.ADJUSTMENT,
        amount=moved,
        activity=fact,
        reason=adjustment.reason,
        actor_id=adjustment.asked_by_id,
        counted_at=fact.occurred_at,
    )
    purse = book.purse(member.pk, currency)
    lines = [(purse.wallet, moved)]
    if moved > 0:
        lines = purse.credit_lines(moved, held=is_held(member))
    book.post(transfer, lines, against=Account.Kind.ADJUSTMENT)
    book.write()
    return fact


def _movable(adjustment: Adjustment, book: Book) -> int:
    """What can be moved of an amount: giving knows no end, taking stops at what is there."""
    if adjustment.amount > 0:
        return adjustment.amount
    wallet = book.purse(adjustment.member_id, adjustment.currency).wallet
    return -min(-adjustment.amount, wallet.balance)


def _count_for_today(adjustment: Adjustment, program: Program, now: datetime) -> None:
    """Count what was asked for against the day's cap. Raises ValidationError above it."""
    staff, currency, amount = adjustment.asked_by, adjustment.currency, abs(adjustment.amount)
    day = now.astimezone(program.zone).date()
    use = AdjustmentUse(staff=staff, day=day, currency=currency)
    AdjustmentUse.objects.bulk_create([use], ignore_conflicts=True)
    rows = AdjustmentUse.objects.filter(staff=staff, day=day, currency=currency)
    cap = cap_of(staff)
    if rows.filter(amount__lte=cap - amount).update(amount=F("amount") + amount):
        return
    left = cap - rows.values_list("amount", flat=True).get()
    text = _("You may move %(cap)s a day; %(left)s are left for today.") % {
        "cap": amount_text(cap, currency, program),
        "left": amount_text(left, currency, program),
    }
    raise ValidationError({"amount": text})


def _tell_asker(adjustment: Adjustment) -> None:
    notify(
        recipient=adjustment.asked_by,
        kind=DECIDED_NOTICE,
        payload={"adjustment": adjustment.pk},
    )
