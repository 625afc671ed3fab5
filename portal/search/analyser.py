"""Words as the index and the queries see them: folded, with Turkish and English stems."""

import re
import threading
import unicodedata
from functools import lru_cache
from itertools import islice

import snowballstemmer

from portal.ui.text import COMBINING_DOT, fold, tr_lower

LANGUAGES = ("tr", "en")
MAX_WORD = 64
# PostgreSQL refuses a vector of more than a megabyte.
MAX_TEXT = 100_000
MIN_STEM = 3
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
NOT_A_LETTER = re.compile(r"[\W_]+")
STEMMERS = {
    "tr": snowballstemmer.stemmer("turkish"),
    "en": snowballstemmer.stemmer("english"),
}
# A stemmer keeps the word it works on in itself.
_stemming = threading.Lock()


def words(text: str, most: int | None = None) -> list[str]:
    """Return the words of a text, at most `most`, without what no database can store."""
    composed = unicodedata.normalize("NFC", text[:MAX_TEXT]).replace("i" + COMBINING_DOT, "i")
    found = WORD.finditer(composed.replace("\u2019", "'"))
    return [match[0] for match in islice(found, most)]


@lru_cache(50_000)
def analyse(word: str, languages: tuple[str, ...] = LANGUAGES) -> tuple[str, ...]:
    """Return the folded word and after it its folded stems that differ from it.

    What follows an apostrophe is a suffix (`İzmir'de`) and does not count. Empty where
    nothing is left that could be searched.
    """
    base = word.partition("'")[0][:MAX_WORD]
    forms = [_letters(base)]
    for language in languages:
        stem = _letters(_stem(base, language))
        if len(stem) >= MIN_STEM:
            forms.append(stem)
    return tuple(form for form in dict.fromkeys(forms) if form)


def index_text(text: str, languages: tuple[str, ...] = LANGUAGES) -> str:
    """Return what the index stores: the words in their order, for phrases, then the stems."""
    analysed = [forms for word in words(text) if (forms := analyse(word, languages))]
    stems = [stem for _, *stems in analysed for stem in stems]
    return " ".join([*(word for word, *_ in analysed), *stems])


def languages_of(obj: object) -> tuple[str, ...]:
    """Return the one language a page is written in, and both for members' text."""
    code = getattr(getattr(obj, "locale", None), "language_code", "")[:2]
    return (code,) if code in STEMMERS else LANGUAGES


def _stem(word: str, language: str) -> str:
    lowered = tr_lower(word) if language == "tr" else fold(word)
    with _stemming:
        return str(STEMMERS[language].stemWord(lowered))


def _letters(word: str) -> str:
    return NOT_A_LETTER.sub("", fold(word))[:MAX_WORD]
