"""What a public page says of a credential: does it hold, and who holds it."""

from dataclasses import dataclass

from badges.models import BadgeAward, Credential
from badges.services.credentials.proofs import has_trusted_proof, is_trusted_jwt
from portal.accounts.models import Member

VALID, REVOKED, UNPROVEN = "valid", "revoked", "unproven"


@dataclass(frozen=True)
class Verdict:
    """A credential as it stands now. `profile` is given only where everybody may open it."""

    state: str
    achievement: dict
    issuer: dict
    profile: Member | None

    @property
    def is_valid(self) -> bool:
        return self.state == VALID


def verdict_on(credential: Credential) -> Verdict:
    """Check the signatures of what is handed out, document and token, and the award behind it."""
    document = credential.document
    return Verdict(
        state=_state(credential),
        achievement=document["credentialSubject"]["achievement"],
        issuer=document["issuer"],
        profile=_public_profile(credential),
    )


def shared_lines(awards: list[BadgeAward]) -> list[dict]:
    """Each award with the credential that its holder shares, if there is one; one query."""
    if not awards:
        return []
    standing = Credential.objects.standing().filter(award__in=awards).defer("document", "jwt")
    shared = {credential.award_id: credential for credential in standing}
    return [{"award": award, "shared": shared.get(award.pk)} for award in awards]


def _state(credential: Credential) -> str:
    if credential.award.revoked_at:
        return REVOKED
    is_proven = has_trusted_proof(credential.document) and is_trusted_jwt(credential.jwt)
    return VALID if is_proven else UNPROVEN


def _public_profile(credential: Credential) -> Member | None:
    """The holder, if the credential names them and their profile shows badges to everyone."""
    if not credential.shown_name:
        return None
    open_to_all = Member.objects.present().filter(
        audience=Member.Audience.EVERYONE, shows_badges=True, is_playing=True
    )
    return open_to_all.filter(pk=credential.award.owner_id).first()
