"""Notices as mails: one template, HTML and text, in the member's language."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from portal.notifications.models import Delivery, Notice, Preference
from portal.notifications.registry import Attachment, Kind, NoticeText, kind_of
from portal.notifications.toasts import described
from portal.ui.addresses import absolute

if TYPE_CHECKING:
    from portal.accounts.models import Member

SALT = "notifications.unsubscribe"


@dataclass(frozen=True)
class Mail:
    subject: str
    text: str
    html: str
    headers: dict[str, str]
    attachments: list[Attachment]


def send(delivery: Delivery) -> bool:
    """Send a delivery's mail; False when it is no longer wanted or has nothing to say."""
    notice = delivery.notice
    mail = compose(notice) if notice else None
    if notice is None or mail is None or not notice.recipient.email:
        return False
    message = EmailMultiAlternatives(
        subject=mail.subject, body=mail.text, to=[notice.recipient.email], headers=mail.headers
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment.name, attachment.content, attachment.mimetype)
    message.send()
    return True


def compose(notice: Notice) -> Mail | None:
    """Write a notice's mail in its recipient's language and time zone, if they still want it."""
    kind, member = kind_of(notice.kind), notice.recipient
    if kind is None or not _is_open(member, kind):
        return None
    with translation.override(member.language), timezone.override(member.zone):
        found = described([notice])
        if not found:
            return None
        return _render(kind, notice, found[0][1])


def _render(kind: Kind, notice: Notice, text: NoticeText) -> Mail:
    context = context_of(kind, notice, text)
    subject = _template(kind, "subject.txt", context)
    return Mail(
        subject=" ".join(subject.split()),
        text=_template(kind, "message.txt", context).strip() + "\n",
        html=_template(kind, "message.html", context),
        headers=_headers(context["unsubscribe_url"]),
        attachments=kind.attachments(notice),
    )


def context_of(kind: Kind, notice: Notice, text: NoticeText) -> dict:
    """What a mail's template knows: the member, the notice and its words, whole addresses."""
    return {
        **(text.context or {}),
        "member": notice.recipient,
        "notice": notice,
        "text": text,
        "action_url": absolute(text.url),
        "action_text": text.action or _("Open it on the portal"),
        "settings_url": absolute(reverse("notifications:preferences")),
        "unsubscribe_url": unsubscribe_url(notice.recipient, kind) if kind.is_optional else "",
    }


def unsubscribe_url(member: "Member", kind: Kind) -> str:
    token = signing.dumps({"member": member.pk, "category": kind.category}, salt=SALT)
    return absolute(reverse("notifications:unsubscribe", args=[token]))


def read_token(token: str) -> tuple[int, str]:
    """Member and category of an unsubscribe link. Raises signing.BadSignature."""
    data = signing.loads(token, salt=SALT)
    return data["member"], data["category"]


def _template(kind: Kind, name: str, context: dict) -> str:
    return render_to_string([f"email/{kind.email}/{name}", f"email/notice/{name}"], context)


def _headers(url: str) -> dict[str, str]:
    if not url:
        return {}
    return {
        "List-Unsubscribe": f"<{url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _is_open(member: "Member", kind: Kind) -> bool:
    """Whether a mail planned before may still go out."""
    if not member.email or member.closed_at or not member.is_active:
        return False
    return not (
        kind.is_optional
        and Preference.objects.is_unwanted(
            member=member, category=kind.category, channel=Preference.Channel.EMAIL
        )
    )
