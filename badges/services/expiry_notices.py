"""What members read before their points expire."""

from datetime import date

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from badges.models import ProgramVersion
from badges.services.expiring import EXPIRING_NOTICE
from badges.services.labels import amount_text
from badges.services.telling import CATEGORY
from portal.notifications.models import Notice
from portal.notifications.registry import Kind, NoticeText, register_kind


def register() -> None:
    """Make the warning known; it is also mailed, as what expires is worth something."""
    register_kind(Kind(EXPIRING_NOTICE, CATEGORY, describe_expiring, email="expiring"))


def describe_expiring(notice: Notice) -> NoticeText:
    """How much goes, from when until when."""
    said = notice.payload
    _version, program = ProgramVersion.objects.current()
    amount = amount_text(said["amount"], said["currency"], program)
    first, last = (_day(said[name]) for name in ("first", "last"))
    if first == last:
        title = _("%(amount)s expire on %(day)s") % {"amount": amount, "day": first}
    else:
        words = {"amount": amount, "first": first, "last": last}
        title = _("%(amount)s expire between %(first)s and %(last)s") % words
    return NoticeText(
        title=title,
        body=_("The oldest points are used first; redeem them before their day."),
        url=reverse("badges:points"),
        icon="clock",
        action=_("See your points"),
    )


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")
