"""Who registered for an event, as a table."""

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from events.models import Occasion, Registration

Row = Sequence[object]


def registration_rows(*, occasion: Occasion) -> list[Row]:
    """The head and one row a registration, with times by the event's own clock."""
    head = [_("Name"), _("Handle"), _("Email"), _("State"), _("Registered"), _("Attended")]
    rows = Registration.objects.for_export(occasion)
    return [head, *(_row(registration, occasion) for registration in rows)]


def _row(registration: Registration, occasion: Occasion) -> Row:
    member = registration.member
    return [
        member.display_name,
        member.handle,
        member.email or "",
        registration.get_state_display(),
        _clock(registration.registered_at, occasion),
        _clock(registration.attended_at, occasion),
    ]


def _clock(moment: datetime | None, occasion: Occasion) -> str:
    return moment.astimezone(occasion.zone).strftime("%Y-%m-%d %H:%M") if moment else ""
