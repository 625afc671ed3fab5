"""The list that says which credentials no longer hold (W3C Bitstring Status List 1.0)."""

import base64
import gzip
import hashlib
from collections.abc import Iterable
from datetime import timedelta

from django.core.cache import cache
from django.utils import timezone

from badges.models import Credential
from badges.services.credentials.documents import whole_address
from badges.services.credentials.keys import current_multikey, did
from badges.services.credentials.proofs import CREDENTIALS_V2, as_jwt, moment, with_proof

# The shortest list that the standard allows: enough for a crowd to hide in.
BITS = 131_072
KEPT_SECONDS = 300
GOOD_FOR = timedelta(days=1)


def signed_status_list(number: int, *, as_token: bool = False) -> dict | str:
    """One list as a signed credential, or as a VC-JWT.

    It is read from the awards themselves at every call, so it cannot lag behind them; only the
    signature is kept for a while. A copy is good for a day: an old one cannot hide a revocation.
    """
    places = Credential.objects.void_in(number).values_list("status_index", flat=True)
    encoded = encoded_list(places)
    form = "jwt" if as_token else "document"
    address = whole_address("credentials:status", number)
    facts = f"{encoded}{current_multikey()}{address}{form}"
    key = f"badges:status:{hashlib.sha256(facts.encode()).hexdigest()}"
    if not (signed := cache.get(key)):
        signed = _signed(address, encoded, as_token)
        cache.set(key, signed, KEPT_SECONDS)
    return signed


def encoded_list(places: Iterable[int]) -> str:
    """The bits at `places` set, the first one leftmost; gzip, base64url, Multibase's `u`."""
    bits = bytearray(BITS // 8)
    for place in places:
        bits[place // 8] |= 0x80 >> place % 8
    packed = base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0))
    return "u" + packed.decode().rstrip("=")


def _signed(address: str, encoded: str, as_token: bool) -> dict | str:
    now = timezone.now()
    document = {
        "@context": [CREDENTIALS_V2],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did(),
        "validFrom": moment(now),
        "validUntil": moment(now + GOOD_FOR),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": encoded,
        },
    }
    return as_jwt(document) if as_token else with_proof(document, at=now)
