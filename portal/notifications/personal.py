"""What the notifications keep about a member: handed out in words, and removed at the end."""

from typing import Any

from django.utils.translation import override

from portal.notifications.models import Delivery, Notice, Preference
from portal.notifications.registry import NoticeText
from portal.notifications.toasts import described


def export_of(member: Any) -> dict[str, list]:
    """Every notice as its member read it, what they switched off, and the mails that went out."""
    notices = list(Notice.objects.filter(recipient=member).order_by("sequence"))
    for notice in notices:
        notice.recipient = member
    with override(member.language):
        texts = {notice.pk: text for notice, text in described(notices)}
    return {
        "notices": [_notice(notice, texts.get(notice.pk)) for notice in notices],
        "preferences": list(
            Preference.objects.filter(member=member)
            .order_by("pk")
            .values("category", "channel", "is_wanted")
        ),
        "deliveries": list(
            Delivery.objects.filter(recipient=member)
            .order_by("pk")
            .values("kind", "channel", "state", "error", "created_at", "sent_at")
        ),
    }


def erase(member: Any) -> None:
    """Remove the inbox, the wishes and the mails, sent or not."""
    Delivery.objects.filter(recipient=member).delete()
    Notice.objects.filter(recipient=member).delete()
    Preference.objects.filter(member=member).delete()


def _notice(notice: Notice, text: NoticeText | None) -> dict:
    return {
        "kind": notice.kind,
        "title": text.title if text else "",
        "body": text.body if text else "",
        "at": notice.created_at,
        "read_at": notice.read_at,
    }
