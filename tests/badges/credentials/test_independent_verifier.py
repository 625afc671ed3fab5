"""A library of other hands (openbadgeslib) checks what the portal hands out."""

import copy
import json

import pytest
from openbadgeslib.baking import ITXT_KEYWORD_OB3, extract_png
from openbadgeslib.ob3.credential import IdentityObject
from openbadgeslib.ob3.ldp import OB3LdpVerifier
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from badges.services.credentials.keys import did
from badges.services.revoking import revoke_badge


def check_proof(document, download):
    verifier = OB3LdpVerifier.for_issuer_did(did())
    return verifier.verify(document, download=download)


def check_token(token, download):
    verifier = OB3Verifier.for_issuer_did(did(), download=download)
    return verifier.verify(token, check_status=True, download=download)


def test_embedded_proof_is_valid(credential, download):
    read = check_proof(download(credential.document["id"]), download)

    assert read.issuer.id == "did:web:community.example.com"
    assert read.achievement.name == "Ridge walker"


def test_token_is_valid_and_its_status_is_good(credential, download):
    read = check_token(credential.jwt, download)

    assert read.id == credential.document["id"]


def test_status_list_with_an_embedded_proof_is_signed_by_the_issuer(credential, client):
    from openbadgeslib.ob3.did import resolve_verification_method
    from openbadgeslib.ob3.ldp import verify_data_integrity_proof

    address = f"/credentials/status/{credential.status_list}"
    status_list = json.loads(client.get(address).content)
    did_json = client.get("/.well-known/did.json").content
    key = resolve_verification_method(
        status_list["proof"]["verificationMethod"], download=lambda url: did_json
    )

    verify_data_integrity_proof(status_list, key)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda document: document["credentialSubject"]["achievement"].update(name="Champion"),
        lambda document: document.update(awardedDate="2020-01-01T00:00:00Z"),
        lambda document: document["credentialStatus"].update(statusListIndex="1"),
        lambda document: document["credentialSubject"]["identifier"].pop(),
        lambda document: document["issuer"].update(name="Another brand"),
    ],
)
def test_changed_document_is_refused(credential, download, tamper):
    changed = copy.deepcopy(credential.document)
    tamper(changed)

    with pytest.raises(OB3VerificationError):
        check_proof(changed, download)


def test_changed_token_is_refused(credential, download):
    head, body, signature = credential.jwt.split(".")
    changed = f"{head}.{body[:-4]}{body[-4:][::-1]}.{signature}"

    with pytest.raises(OB3VerificationError):
        check_token(changed, download)


def test_revoked_award_is_refused_at_once(credential, award, download):
    check_token(credential.jwt, download)

    revoke_badge(award=award, reason="Counted twice.")

    with pytest.raises(OB3VerificationError, match="revocation"):
        check_token(credential.jwt, download)


def test_baked_picture_carries_the_credential(credential, client, download):
    png = client.get(f"/credentials/{credential.token}.png").content
    found = extract_png(png, keyword=ITXT_KEYWORD_OB3)

    assert check_proof(found, download).achievement.name == "Ridge walker"


def test_recipient_is_recognised_by_whoever_knows_the_address(credential, member, download):
    read = check_token(credential.jwt, download)
    email = next(one for one in read.identifiers if one.identity_type == "emailAddress")

    assert email == IdentityObject.create(member.email, salt=email.salt)
    assert member.email not in json.dumps(credential.document)
