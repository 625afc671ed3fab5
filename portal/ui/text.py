"""Turkish and English text: one fold, one slug, one order, used by every feature."""

import re
import unicodedata

from anyascii import anyascii
from django.utils.text import slugify as django_slugify
from django.utils.translation import get_language

ALPHABET = "abcçdefgğhıijklmnoöpqrsştuüvwxyz"
WEIGHTS = {letter: chr(0x100 + place) for place, letter in enumerate(ALPHABET)}
DOTS = {0x131: "i", 0x130: "i", 0x49: "i"}
COMBINING_DOT = "\u0307"
# Ends of sentences and words that an excerpt would rather not close on.
LOOSE_END = " \t\n,;:.-–—("


def tr_lower(text: str) -> str:
    """Lower as Turkish does: `I` becomes `ı`, `İ` becomes `i` and stays one letter."""
    lowered = text.replace("İ", "i").replace("I", "ı").lower()
    return lowered.replace("i" + COMBINING_DOT, "i")


def fold(text: str) -> str:
    """Bring every spelling of a word to one form, so that `ISPARTA` equals `ısparta`.

    The dot of the i, case, width and diacritics do not count. Folding twice changes nothing.
    """
    plain = unicodedata.normalize("NFKD", text.translate(DOTS)).translate(DOTS).casefold()
    decomposed = unicodedata.normalize("NFKD", plain)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def storable(text: str) -> str:
    """The text without what no database keeps: NUL characters and halves of surrogate pairs."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def slugify(text: str, fallback: str = "", max_length: int = 80) -> str:
    """Make an address part that still reads: `Kırmızı Işık` gives `kirmizi-isik`.

    `fallback` is returned where nothing readable is left; long ones end on a whole word.
    """
    slug = django_slugify(anyascii(unicodedata.normalize("NFKC", text)))
    if len(slug) > max_length:
        cut = slug[: max_length + 1].rpartition("-")[0]
        slug = (cut or slug[:max_length]).strip("-")
    return slug or fallback


def sort_key(text: str) -> str:
    """Order by the Turkish alphabet with q, w and x in their English places.

    A capital `I` is an `ı` while Turkish is the active language and an `i` otherwise.
    """
    lowered = tr_lower(text) if (get_language() or "").startswith("tr") else _en_lower(text)
    weights = "".join(_weight(char) for char in unicodedata.normalize("NFC", lowered))
    return f"{weights}\0{text}"


def excerpt(plain: str, length: int = 160) -> str:
    """Shorten to at most `length` characters, ending on a whole word and an ellipsis."""
    joined = re.sub(r"\s+", " ", plain).strip()
    if len(joined) <= length:
        return joined
    head = joined[: length - 1]
    if joined[length - 1].isalnum() and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip(LOOSE_END) + "…"


def _en_lower(text: str) -> str:
    return text.replace("İ", "i").lower().replace("i" + COMBINING_DOT, "i")


def _weight(char: str) -> str:
    if char in WEIGHTS:
        return WEIGHTS[char]
    folded = fold(char)
    return "".join(WEIGHTS.get(part, part) for part in folded) or char
