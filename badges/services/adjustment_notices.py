"""What members and staff read about points moved by hand, and what is kept of the words."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.models import Adjustment, AdjustmentWords, ProgramVersion
from badges.services.adjusting import ADJUSTED_NOTICE, DECIDED_NOTICE
from badges.services.labels import amount_text
from portal.accounts.models import Member
from portal.notifications.models import Notice
from portal.notifications.registry import Kind, NoticeText, register_category, register_kind

CATEGORY = "adjustments"


def register() -> None:
    """Make the notices about adjustments known."""
    register_category(CATEGORY, gettext_lazy("Points given or taken by the team"))
    for code, describe in (
        (ADJUSTED_NOTICE, describe_adjusted),
        (DECIDED_NOTICE, describe_decided),
    ):
        register_kind(Kind(code, CATEGORY, describe, prepare=prepare, is_optional=False))


def prepare(notices: list[Notice]) -> None:
    """Read all adjustments at once."""
    rows = Adjustment.objects.select_related("words", "member", "decided_by")
    found = rows.in_bulk([notice.payload["adjustment"] for notice in notices])
    for notice in notices:
        notice.data = found.get(notice.payload["adjustment"])


def describe_adjusted(notice: Notice) -> NoticeText | None:
    """To the member: how much, why, in the words of who did it."""
    adjustment = notice.data
    if adjustment is None or adjustment.moved is None:
        return None
    amount = _amount(abs(adjustment.moved), adjustment.currency)
    if adjustment.moved > 0:
        title = _("You were given %(amount)s") % {"amount": amount}
    else:
        title = _("%(amount)s were taken from you") % {"amount": amount}
    parts = [adjustment.get_reason_display(), adjustment.words.note]
    return NoticeText(
        title=title,
        body=" · ".join(part for part in parts if part),
        url=reverse("badges:points"),
        icon="sparkles",
        action=_("See your points"),
    )


def describe_decided(notice: Notice) -> NoticeText | None:
    """To who asked: what the second person said."""
    adjustment = notice.data
    if adjustment is None or adjustment.decided_by is None:
        return None
    who = {"who": adjustment.decided_by.display_name, "member": adjustment.member.display_name}
    if adjustment.is_approved:
        title = _("%(who)s agreed to your adjustment for %(member)s") % who
    else:
        title = _("%(who)s declined your adjustment for %(member)s") % who
    return NoticeText(
        title=title,
        body=adjustment.words.answer,
        url=reverse("programme:adjustment_list"),
        icon="sparkles",
        action=_("See the adjustments"),
    )


def export_of(member: Member) -> list[dict]:
    """A member's adjustments that were made, with their reasons and notes."""
    rows = Adjustment.objects.filter(member=member, is_approved=True).select_related("words")
    return [
        {
            "at": row.decided_at,
            "currency": row.currency,
            "amount": row.moved,
            "reason": row.get_reason_display(),
            "note": row.words.note,
        }
        for row in rows.order_by("pk")
    ]


def erase(member: Member) -> None:
    """Empty what staff wrote about a member whose account is closed."""
    words = AdjustmentWords.objects.filter(adjustment__member=member)
    words.update(note_en="", note_tr="", answer="")


def _amount(amount: int, currency: str) -> str:
    _version, program = ProgramVersion.objects.current()
    return amount_text(amount, currency, program)
