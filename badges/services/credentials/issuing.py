"""Making a credential when its holder asks for it, and withdrawing it."""

import secrets
from datetime import timedelta
from enum import StrEnum

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from badges.models import BadgeAward, Credential, IssuerKey
from badges.models.credentials import CredentialQuerySet
from badges.models.owners import MEMBER
from badges.services.credentials.documents import achievement, badge_of, credential_document
from badges.services.credentials.keys import current_key
from badges.services.credentials.proofs import as_jwt, with_proof
from badges.services.credentials.status import BITS
from portal.accounts.models import Member
from portal.activity.services import CHANGES_A_DAY, too_often_text

# A list is left for the next one when it is half full, so that a free place is found at once.
LIST_HOLDS = BITS // 2
TRIES = 20


class ShownAs(StrEnum):
    """What a credential and its page say about who holds it."""

    NAME = "name"
    HANDLE = "handle"
    NOBODY = "nobody"


def proven_email(member: Member) -> str:
    """The address that a credential may be bound to: the member's own, and proven."""
    addresses = EmailAddress.objects.filter(user=member, verified=True).order_by("-primary", "pk")
    return addresses.values_list("email", flat=True).first() or ""


@transaction.atomic
def issue_credential(
    *, award: BadgeAward, member: Member, shown_as: str, is_bound: bool
) -> Credential:
    """Sign an award for its holder; one that they share already is returned as it is.

    Raises ValidationError where the award is taken back or its badge is no longer known.
    """
    award = BadgeAward.objects.select_for_update().get(
        pk=award.pk, owner_type=MEMBER, owner_id=member.pk
    )
    if award.revoked_at:
        raise ValidationError(_("This badge was taken back."))
    if standing := _standing(award):
        return standing
    found = badge_of(award)
    if found is None:
        raise ValidationError(_("This badge is no longer part of the programme."))
    language = translation.get_language() or member.language
    credential = _placed(
        Credential(
            award=award,
            key=current_key(),
            language=language,
            shown_name=_shown_name(member, shown_as),
        )
    )
    email = proven_email(member) if is_bound else ""
    document = credential_document(
        credential,
        achieved=achievement(*found, language),
        email=email,
        awarded_at=award.awarded_at,
    )
    return _signed(credential, document)


@transaction.atomic
def withdraw_credential(*, credential: Credential) -> None:
    """Stop sharing: what it said is emptied, copies no longer hold. A second call is nothing."""
    _empty(Credential.objects.standing().filter(pk=credential.pk))


@transaction.atomic
def forget_credentials(member: Member) -> None:
    """Called when an account is closed: nothing about the member stays readable."""
    _empty(Credential.objects.standing().of(member))


def _standing(award: BadgeAward) -> Credential | None:
    """What is shared already; without it ValidationError where it was withdrawn all day long.

    Each withdrawn credential stays on its list. Counted under the lock of the award.
    """
    if standing := Credential.objects.standing().filter(award=award).first():
        return standing
    recent = award.credentials.filter(withdrawn_at__gt=timezone.now() - timedelta(days=1))
    if recent.count() >= CHANGES_A_DAY:
        raise ValidationError(too_often_text())
    return None


def export_credentials(member: Member) -> list[dict]:
    """The member's credentials for their data export."""
    rows = Credential.objects.of(member).order_by("pk")
    return list(rows.values("token", "shown_name", "issued_at", "withdrawn_at", "document"))


@transaction.atomic
def distrust_key(*, key: IssuerKey) -> int:
    """Stop trusting a key that may have leaked, and sign anew what it signed with the key in use.

    Copies that members took before can no longer be checked. Returns how many were signed anew.
    Raises ImproperlyConfigured while it is still the key in use.
    """
    key.distrusted_at = timezone.now()
    key.save(update_fields=["distrusted_at"])
    current_key()
    count = 0
    for credential in Credential.objects.standing().filter(key=key).order_by("pk"):
        unsigned = {name: part for name, part in credential.document.items() if name != "proof"}
        credential.key = current_key()
        _signed(credential, unsigned)
        count += 1
    return count


def _signed(credential: Credential, document: dict) -> Credential:
    credential.document = with_proof(document, at=timezone.now())
    credential.jwt = as_jwt(document)
    credential.save(update_fields=["key", "document", "jwt"])
    return credential


def _placed(credential: Credential) -> Credential:
    """Save it at a random free place of the list in use: places do not tell who came when."""
    last = Credential.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    credential.status_list = last // LIST_HOLDS + 1
    for _attempt in range(TRIES):
        credential.status_index = secrets.randbelow(BITS)
        try:
            with transaction.atomic():
                credential.save(force_insert=True)
        except IntegrityError:
            continue
        return credential
    raise ValidationError(_("That did not work. Please try again."))


def _shown_name(member: Member, shown_as: str) -> str:
    names: dict[str, str] = {ShownAs.NAME: member.display_name, ShownAs.HANDLE: f"@{member.handle}"}
    return names.get(shown_as, "")


def _empty(credentials: CredentialQuerySet) -> None:
    credentials.update(withdrawn_at=timezone.now(), document={}, jwt="", shown_name="")
