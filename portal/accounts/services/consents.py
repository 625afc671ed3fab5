from datetime import datetime

from django.db import transaction
from django.utils import timezone

from portal.accounts.consents import CONSENT_TEXTS, consent_text
from portal.accounts.models import Consent, Member
from portal.activity.standing import made_or_found


def give_consent(
    *,
    member: Member,
    purpose: str,
    channel: str,
    source: str,
    language: str,
    at: datetime | None = None,
) -> Consent:
    """Keep that `member` agreed to today's text; the standing consent is returned on a repeat."""
    text = consent_text(purpose, channel)
    if text is None:
        raise ValueError(f"nobody asks for {purpose!r} by {channel!r}")
    standing = Consent.objects.standing().filter(member=member, purpose=purpose, channel=channel)
    if known := standing.first():
        return known
    consent, _is_new = made_or_found(
        lambda: Consent.objects.create(
            member=member,
            purpose=purpose,
            channel=channel,
            text_version=text.version,
            language=language,
            source=source,
            given_at=at or timezone.now(),
        ),
        standing,
    )
    return consent


def withdraw_consent(
    *, member: Member, purpose: str, channel: str, at: datetime | None = None
) -> None:
    """Close the standing consent; without one nothing happens."""
    standing = Consent.objects.standing().filter(member=member, purpose=purpose, channel=channel)
    standing.update(withdrawn_at=at or timezone.now())


@transaction.atomic
def set_consents(*, member: Member, codes: set[str], source: str, language: str) -> None:
    """Bring what stands in line with `codes` (`<purpose>_<channel>`), keeping all history."""
    for text in CONSENT_TEXTS:
        if text.code in codes:
            give_consent(
                member=member,
                purpose=text.purpose,
                channel=text.channel,
                source=source,
                language=language,
            )
        else:
            withdraw_consent(member=member, purpose=text.purpose, channel=text.channel)


def standing_codes(member: Member) -> set[str]:
    """The codes of what `member` agrees to today."""
    rows = Consent.objects.standing().filter(member=member).values_list("purpose", "channel")
    return {f"{purpose}_{channel}" for purpose, channel in rows}
