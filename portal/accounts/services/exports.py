import io
import json
import zipfile

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.core.serializers.json import DjangoJSONEncoder

from portal.accounts.consents import consent_text
from portal.accounts.models import Consent, Member
from portal.accounts.registry import exporters
from portal.accounts.services.members import PRIVACY_FIELDS

MEMBER_FIELDS = [
    "name",
    "handle",
    "email",
    "bio",
    "city",
    "interests",
    "language",
    "time_zone",
    "hope",
    "contact_channel",
    "contact_hours",
    *PRIVACY_FIELDS,
    "date_joined",
    "last_login",
]


def export_archive(member: Member) -> bytes:
    """Everything that the portal keeps about a member: a ZIP of JSON files and the picture.

    It is made in memory and handed out at once; nothing is left behind on the disk.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, exporter in exporters().items():
            text = json.dumps(exporter(member), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
            archive.writestr(f"{name}.json", text)
        if member.avatar.name and member.avatar.storage.exists(member.avatar.name):
            with member.avatar.open() as picture:
                archive.writestr("picture.webp", picture.read())
    return out.getvalue()


def export_account(member: Member) -> dict:
    """The accounts' own part of a member's export."""
    return {
        "profile": {name: getattr(member, name) for name in MEMBER_FIELDS},
        "former_handles": list(
            member.former_handles.order_by("pk").values("handle", "left_at"),
        ),
        "addresses": list(
            EmailAddress.objects.filter(user=member).order_by("pk").values("email", "verified")
        ),
        "known_elsewhere": list(
            member.external_identities.order_by("pk").values("source", "external_id")
        ),
        "consents": [_consent_row(consent) for consent in Consent.objects.for_list(member)],
        "sessions": list(
            UserSession.objects.filter(user=member)
            .order_by("pk")
            .values("ip", "user_agent", "created_at", "last_seen_at")
        ),
    }


def export_activities(member: Member) -> list[dict]:
    """The member's facts, in the order in which they happened."""
    rows = member.activities.order_by("occurred_at", "pk")
    names = ("verb", "object", "value", "occurred_at", "source", "depth")
    return [dict(row) for row in rows.values(*names)]


def _consent_row(consent: Consent) -> dict:
    text = consent_text(consent.purpose, consent.channel)
    return {
        "purpose": consent.purpose,
        "channel": consent.channel,
        "text_version": consent.text_version,
        "text": text.text(consent.text_version, consent.language) if text else "",
        "language": consent.language,
        "source": consent.source,
        "given_at": consent.given_at,
        "withdrawn_at": consent.withdrawn_at,
    }
