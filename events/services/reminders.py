"""A word to everybody who goes, the day before."""

from datetime import datetime, timedelta

from django.utils import timezone

from events.activities import REGISTRATION_MADE
from events.models import Registration
from portal.activity.services import default_key, find
from portal.notifications.models import Notice
from portal.notifications.services import notify

REMINDER_NOTICE = "events.reminder"
AHEAD = timedelta(hours=24)


def remind_registered(*, now: datetime | None = None) -> int:
    """Remind each registered member once of what starts within a day; return how many were.

    The notice names the fact of registering, and is unique with it: any number of runs, by any
    number of workers, tell it once.
    """
    now = now or timezone.now()
    rows = Registration.objects.standing().filter(
        occasion__is_open=True,
        occasion__starts_at__gt=now,
        occasion__starts_at__lte=now + AHEAD,
        member__is_active=True,
        member__closed_at=None,
    )
    due = list(rows.select_related("occasion", "member").order_by("pk"))
    return sum(_remind(registration) for registration in due)


def _remind(registration: Registration) -> int:
    occasion, member = registration.occasion, registration.member
    fact = find(default_key(member=member, verb=REGISTRATION_MADE, object=occasion.object))
    if fact is None or _is_told(fact, member):
        return 0
    payload = {"event": str(occasion.key)}
    return int(
        notify(recipient=member, kind=REMINDER_NOTICE, activity=fact, payload=payload) is not None
    )


def _is_told(fact, member) -> bool:
    rows = Notice.objects.filter(activity=fact, recipient=member, kind=REMINDER_NOTICE)
    return rows.exists()
