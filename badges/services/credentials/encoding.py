"""How credentials write bytes as text: base58 with the prefixes of Multibase and Multicodec."""

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519_PUBLIC = b"\xed\x01"


def multibase(data: bytes) -> str:
    """Bytes in base58btc, as Multibase writes them: a `z` first."""
    number = int.from_bytes(data, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + ALPHABET[0] * zeros + digits


def from_multibase(text: str) -> bytes:
    """The bytes behind `z…`. Raises ValueError for any other base or letter."""
    if not text.startswith("z"):
        raise ValueError("Only base58btc is read here.")
    digits = text[1:]
    number = 0
    for digit in digits:
        number = number * 58 + ALPHABET.index(digit)
    zeros = len(digits) - len(digits.lstrip(ALPHABET[0]))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8, "big")


def public_multikey(raw: bytes) -> str:
    """An Ed25519 public key as Multikey names it: `z6Mk…`."""
    return multibase(ED25519_PUBLIC + raw)


def raw_public_key(multikey: str) -> bytes:
    return from_multibase(multikey).removeprefix(ED25519_PUBLIC)
