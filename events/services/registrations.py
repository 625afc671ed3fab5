"""Seats at events: taken, given back and used."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events.activities import ATTENDED, REGISTRATION_MADE
from events.models import Occasion, Registration
from portal.accounts.models import Member
from portal.activity.services import default_key, record_again, undo
from portal.cms.visibility import require_visible
from portal.notifications.services import notify

REGISTERED_NOTICE = "events.registered"
# From then on the people at the door may mark who has come.
CHECK_IN = timedelta(hours=3)
# So often in 24 hours somebody who was marked by mistake may be marked again.
MARKS_A_DAY = 10


@transaction.atomic
def register_for_event(
    *, occasion: Occasion, member: Member, at: datetime | None = None
) -> Registration:
    """Give the member a seat; a second call returns the one they have.

    Never more seats than there are: the seat is taken by a conditional update in the transaction
    of the registration, so it is given back if anything fails. `at` gives it a past.
    Raises PermissionDenied, also where the member may not see the event, and ValidationError when
    it is full, closed, over or taken down.
    """
    if not member.has_perm("events.register_event", occasion):
        raise PermissionDenied
    now = at or timezone.now()
    registration, is_new = _claim(occasion, member, now)
    if not is_new:
        return registration
    _take_seat(occasion, now)
    require_visible(occasion.key, member)
    fact = record_again(member=member, verb=REGISTRATION_MADE, object=occasion.object, at=at)
    if at is None:
        notify(
            recipient=member,
            kind=REGISTERED_NOTICE,
            activity=fact,
            payload={"event": str(occasion.key)},
            is_toast=False,
            about=f"{occasion.object}:{now:%Y-%m-%d}",
        )
    return registration


@transaction.atomic
def cancel_registration(*, occasion: Occasion, member: Member, at: datetime | None = None) -> bool:
    """Give the seat back, once, before the event starts; what it earned is reversed."""
    now = at or timezone.now()
    rows = Registration.objects.standing().filter(occasion=occasion, member=member)
    if not rows.exists():
        return False
    occasion.refresh_from_db()
    if occasion.has_started(now):
        raise ValidationError(_("The event has started; a registration stays as it is."))
    if not rows.update(state=Registration.State.CANCELLED, cancelled_at=now):
        return False
    Occasion.objects.filter(pk=occasion.pk, seats_taken__gt=0).update(
        seats_taken=F("seats_taken") - 1
    )
    undo(_key(REGISTRATION_MADE, occasion, member), at=at)
    return True


@transaction.atomic
def mark_attended(
    *,
    registration: Registration,
    staff: Member,
    has_attended: bool = True,
    at: datetime | None = None,
) -> bool:
    """Note that a member came, or take it back; True when that changed something.

    Raises PermissionDenied, and ValidationError before the doors open or without a seat.
    """
    if not staff.has_perm("events.manage_event"):
        raise PermissionDenied
    now, occasion = at or timezone.now(), registration.occasion
    if has_attended and now < occasion.starts_at - CHECK_IN:
        raise ValidationError(_("Members can be marked from three hours before the start."))
    rows = Registration.objects.filter(pk=registration.pk)
    if not has_attended:
        if not rows.exclude(attended_at=None).update(attended_at=None):
            return False
        undo(_key(ATTENDED, occasion, registration.member), at=at)
        return True
    if not rows.standing().exists():
        raise ValidationError(_("This registration was cancelled."))
    if not rows.standing().filter(attended_at=None).update(attended_at=now):
        return False
    who, thing = registration.member, occasion.object
    record_again(member=who, verb=ATTENDED, object=thing, at=at, most=MARKS_A_DAY)
    return True


def _claim(occasion: Occasion, member: Member, now: datetime) -> tuple[Registration, bool]:
    """The member's registration, and whether this call made it stand."""
    rows = Registration.objects.filter(occasion=occasion, member=member)
    try:
        with transaction.atomic():
            if not rows.exists():
                fresh = Registration(occasion=occasion, member=member, registered_at=now)
                fresh.save(force_insert=True)
                return fresh, True
    except IntegrityError:
        # Another request of the same member was faster.
        pass
    cancelled = rows.filter(state=Registration.State.CANCELLED)
    is_new = cancelled.update(
        state=Registration.State.REGISTERED,
        registered_at=now,
        cancelled_at=None,
        reminded_at=None,
    )
    return rows.get(), bool(is_new)


def _take_seat(occasion: Occasion, now: datetime) -> None:
    open_rows = Occasion.objects.registering(now).filter(pk=occasion.pk)
    if open_rows.with_seats().update(seats_taken=F("seats_taken") + 1):
        return
    if open_rows.exists():
        raise ValidationError(_("All seats are taken. Look again later: cancelled ones come free."))
    raise ValidationError(_("Registration for this event is closed."))


def _key(verb: str, occasion: Occasion, member: Member) -> str:
    return default_key(member=member, verb=verb, object=occasion.object)
