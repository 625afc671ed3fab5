"""What a credential says: issuer, achievement and recipient as Open Badges 3.0 writes them."""

import hashlib
import secrets
import uuid
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from badges.models import BadgeAward, Credential, ProgramVersion
from badges.models.programs import program_of
from badges.program.schema import Badge, Program
from badges.program.sentences import criterion_text, description_of, name_of
from badges.services.credentials.keys import did
from badges.services.credentials.proofs import CREDENTIALS_V2, OPEN_BADGES, moment
from badges.services.pictures import SIZES, badge_picture_url
from portal.activity.registry import verb_label
from portal.cms.models import BrandSettings


def whole_address(name: str, *args: object) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"


def badge_of(award: BadgeAward) -> tuple[Badge, Program, int | None] | None:
    """The badge as it was when it was given, its programme and the version's number.

    Falls back on the programme in force; None where neither knows the badge.
    """
    given = ProgramVersion.objects.filter(pk=award.program_id or 0)
    for versions in (given, ProgramVersion.objects.published()):
        for pk, content_hash, number in versions.values_list("pk", "content_hash", "number"):
            program = program_of(pk, content_hash)
            if badge := program.badges_by_code.get(award.badge_code):
                return badge, program, number
    return None


def issuer_profile() -> dict:
    brand = BrandSettings.objects.first() or BrandSettings()
    return {
        "id": did(),
        "type": ["Profile"],
        "name": brand.name,
        "url": settings.PUBLIC_URL,
    }


def achievement(badge: Badge, program: Program, number: int | None, language: str) -> dict:
    """What was achieved, in the language in force, which must be `language`."""
    criterion = criterion_text(badge.criterion, program, verb_label)
    return {
        "id": whole_address("credentials:achievement", badge.code),
        "type": ["Achievement"],
        "achievementType": "Badge",
        "name": name_of(badge),
        "description": description_of(badge) or criterion,
        "criteria": {
            "id": whole_address("badges:badge_detail", badge.code),
            "narrative": criterion,
        },
        "image": {"id": badge_picture_url(badge, size=SIZES[-1]), "type": "Image"},
        "inLanguage": language,
        **({"version": str(number)} if number else {}),
    }


def hashed_email(email: str) -> dict:
    """An address that only those who know it already can recognise (OB 3.0, IdentityObject)."""
    salt = secrets.token_hex(16)
    digest = hashlib.sha256(f"{email}{salt}".encode()).hexdigest()
    return {
        "type": "IdentityObject",
        "hashed": True,
        "identityHash": f"sha256${digest}",
        "identityType": "emailAddress",
        "salt": salt,
    }


def plain_name(name: str) -> dict:
    return {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": name,
        "identityType": "name",
    }


def credential_document(
    credential: Credential, *, achieved: dict, email: str, awarded_at: datetime
) -> dict:
    """The unsigned credential; `email` is empty where it is not to be bound to an address."""
    identifiers = [hashed_email(email)] if email else []
    if credential.shown_name:
        identifiers.append(plain_name(credential.shown_name))
    subject = {
        # One of its own, so that two credentials do not tell that they are one person's.
        "id": f"urn:uuid:{uuid.uuid4()}",
        "type": ["AchievementSubject"],
        **({"identifier": identifiers} if identifiers else {}),
        "achievement": achieved,
    }
    return {
        "@context": [CREDENTIALS_V2, OPEN_BADGES],
        "id": whole_address("credentials:document", credential.token),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": achieved["name"],
        "issuer": issuer_profile(),
        "validFrom": moment(credential.issued_at),
        "awardedDate": moment(awarded_at),
        "credentialSubject": subject,
        "credentialStatus": status_entry(credential),
    }


def status_entry(credential: Credential) -> dict:
    """Where a verifier looks up whether the credential still holds."""
    address = whole_address("credentials:status", credential.status_list)
    return {
        "id": f"{address}#{credential.status_index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": str(credential.status_index),
        "statusListCredential": address,
    }
