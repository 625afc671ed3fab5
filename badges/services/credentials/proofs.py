"""Two signatures over one credential: Data Integrity (eddsa-rdfc-2022) and VC-JWT (EdDSA).

Sources: W3C Data Integrity EdDSA Cryptosuites 1.0, section 3.2; Open Badges 3.0, section 8.2.
"""

import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import jwt
from cryptography.exceptions import InvalidSignature

from badges.services.credentials.encoding import from_multibase, multibase
from badges.services.credentials.keys import (
    current_multikey,
    method_of,
    private_key,
    public_key,
    trusted_multikeys,
)

CREDENTIALS_V2 = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
FOLDER = Path(__file__).parent / "contexts"
BUNDLED = {CREDENTIALS_V2: "credentials-v2.json", OPEN_BADGES: "open-badges-3.0.3.json"}
CRYPTOSUITE = "eddsa-rdfc-2022"


class UnknownContextError(Exception):
    """A document names a context that is not in the repository; it is never fetched."""


def with_proof(document: dict, *, at: datetime) -> dict:
    """The document with a Data Integrity proof by the key in use."""
    proof = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": moment(at),
        "verificationMethod": method_of(current_multikey()),
        "proofPurpose": "assertionMethod",
    }
    signature = private_key().sign(_hashes(document, proof))
    return {**document, "proof": {**proof, "proofValue": multibase(signature)}}


def has_trusted_proof(document: dict) -> bool:
    """Whether a trusted key of this portal signed exactly this document."""
    unsecured = {key: value for key, value in document.items() if key != "proof"}
    proof = dict(document.get("proof") or {})
    try:
        signature = from_multibase(proof.pop("proofValue", ""))
        data = _hashes(unsecured, proof)
    except (ValueError, UnknownContextError):
        return False
    named = proof.get("verificationMethod")
    return proof.get("cryptosuite") == CRYPTOSUITE and any(
        _signed(key, signature, data) for key in trusted_multikeys() if method_of(key) == named
    )


def as_jwt(document: dict) -> str:
    """The document as VC-JWT: the credential itself is the payload, with registered claims."""
    claims = {
        "iss": _id_of(document["issuer"]),
        "jti": document["id"],
        "sub": document["credentialSubject"]["id"],
        "nbf": int(datetime.fromisoformat(document["validFrom"]).timestamp()),
    }
    if until := document.get("validUntil"):
        claims["exp"] = int(datetime.fromisoformat(until).timestamp())
    headers = {"kid": method_of(current_multikey())}
    return jwt.encode({**document, **claims}, private_key(), algorithm="EdDSA", headers=headers)


def is_trusted_jwt(token: str) -> bool:
    """Whether a trusted key of this portal signed this VC-JWT and its time has come."""
    try:
        named = jwt.get_unverified_header(token).get("kid")
        key = next(key for key in trusted_multikeys() if method_of(key) == named)
        jwt.decode(token, public_key(key), algorithms=["EdDSA"])
    except (jwt.InvalidTokenError, StopIteration):
        return False
    return True


def moment(at: datetime) -> str:
    """A moment as credentials write it: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def load_context(url: str, options: dict | None = None) -> dict:
    """The loader of the JSON-LD processor: the bundled contexts, and never the network."""
    if url not in BUNDLED:
        raise UnknownContextError(url)
    return {
        "contextUrl": None,
        "documentUrl": url,
        "contentType": "application/ld+json",
        "document": _context(url),
    }


@lru_cache
def _context(url: str) -> dict:
    return json.loads((FOLDER / BUNDLED[url]).read_text(encoding="utf-8"))


def _hashes(document: dict, proof: dict) -> bytes:
    """What is signed: the digests of the canonical proof options and of the canonical document."""
    options = {"@context": document.get("@context"), **proof}
    return b"".join(
        hashlib.sha256(_canonical(part).encode()).digest() for part in (options, document)
    )


def _canonical(document: dict) -> str:
    # Loaded at the first signature: it takes a fifth of a second and most processes never sign.
    from pyld import jsonld

    try:
        return jsonld.normalize(
            document,
            {
                "algorithm": "URDNA2015",
                "format": "application/n-quads",
                "documentLoader": load_context,
            },
        )
    except jsonld.JsonLdError as error:
        raise UnknownContextError(str(error)) from error


def _signed(multikey: str, signature: bytes, data: bytes) -> bool:
    try:
        public_key(multikey).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _id_of(issuer: str | dict) -> str:
    return issuer if isinstance(issuer, str) else issuer["id"]
