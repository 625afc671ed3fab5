"""The key that signs, and the name (did:web) under which the world finds its public half.

The private half is made from the setting CREDENTIAL_KEY, in memory, and is written nowhere else.
"""

from functools import lru_cache
from urllib.parse import quote, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from badges.models import IssuerKey
from badges.services.credentials.encoding import public_multikey, raw_public_key

PURPOSE = b"open badges issuer key, ed25519"


def private_key() -> Ed25519PrivateKey:
    return _derived(settings.CREDENTIAL_KEY)


def current_multikey() -> str:
    """The public half of the key in use."""
    return public_multikey(private_key().public_key().public_bytes_raw())


def current_key() -> IssuerKey:
    """The key in use, written down at its first use.

    Raises ImproperlyConfigured where it has been distrusted: a new one must be set first.
    """
    key, _is_new = IssuerKey.objects.get_or_create(multibase=current_multikey())
    if key.distrusted_at:
        raise ImproperlyConfigured(
            f"The credential key {key.multibase} has been distrusted. Set another CREDENTIAL_KEY."
        )
    return key


def trusted_multikeys() -> list[str]:
    """Public keys whose signatures count, the one in use first; nothing is written."""
    current = current_multikey()
    known = dict(IssuerKey.objects.order_by("-pk").values_list("multibase", "distrusted_at"))
    earlier = [key for key, distrusted_at in known.items() if not distrusted_at and key != current]
    return earlier if known.get(current) else [current, *earlier]


def public_key(multikey: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw_public_key(multikey))


def did() -> str:
    """The portal's name as an issuer: its host, and its port where it has one (did:web)."""
    return f"did:web:{quote(urlsplit(settings.PUBLIC_URL).netloc, safe='')}"


def method_of(multikey: str) -> str:
    """How a proof names the key that made it."""
    return f"{did()}#{multikey}"


def did_document() -> dict:
    """What did:web resolves to: every trusted key, so that older proofs can be checked too."""
    methods = [
        {
            "id": method_of(multikey),
            "type": "Multikey",
            "controller": did(),
            "publicKeyMultibase": multikey,
        }
        for multikey in trusted_multikeys()
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did(),
        "alsoKnownAs": [settings.PUBLIC_URL],
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


@lru_cache(maxsize=4)
def _derived(secret: str) -> Ed25519PrivateKey:
    """The same secret always makes the same key (HKDF, RFC 5869)."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE)
    return Ed25519PrivateKey.from_private_bytes(kdf.derive(secret.encode()))
