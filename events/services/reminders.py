"""A word to everybody who goes, the day before."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from events.models import Registration
from portal.notifications.services import notify

REMINDER_NOTICE = "events.reminder"
AHEAD = timedelta(hours=24)


def remind_registered(*, now: datetime | None = None) -> int:
    """Remind each registered member once of what starts within a day; return how many were."""
    now = now or timezone.now()
    rows = Registration.objects.standing().filter(
        reminded_at=None,
        occasion__is_open=True,
        occasion__starts_at__gt=now,
        occasion__starts_at__lte=now + AHEAD,
        member__is_active=True,
        member__closed_at=None,
    )
    due = list(rows.select_related("occasion", "member").order_by("pk"))
    return sum(_remind(registration, now) for registration in due)


@transaction.atomic
def _remind(registration: Registration, now: datetime) -> int:
    """The conditional update elects one of many workers; the notice is in its transaction."""
    rows = Registration.objects.standing().filter(pk=registration.pk, reminded_at=None)
    if not rows.update(reminded_at=now):
        return 0
    payload = {"event": str(registration.occasion.key)}
    notify(recipient=registration.member, kind=REMINDER_NOTICE, payload=payload)
    return 1
