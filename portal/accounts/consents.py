"""What we ask leave for: each purpose and channel with its words, in numbered versions.

The words are kept here in both languages, version by version, and not in the catalogues: a
consent names the version and language that the member saw, and must stay readable for ever.
A changed text is a new version; the old one stays.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import get_language


@dataclass(frozen=True)
class ConsentText:
    """One thing that a member may agree to, as it is worded today."""

    purpose: str
    channel: str
    version: int
    words: dict[int, dict[str, str]]

    @property
    def code(self) -> str:
        return f"{self.purpose}_{self.channel}"

    @property
    def label(self) -> str:
        return self.text(self.version, get_language() or settings.LANGUAGE_CODE)

    def text(self, version: int, language: str) -> str:
        """Return the words of a version, in English where that language has none."""
        words = self.words[version]
        return words.get(language[:2], words["en"])


CONSENT_TEXTS = [
    ConsentText(
        purpose="newsletter",
        channel="email",
        version=1,
        words={
            1: {
                "en": "The newsletter: news, tips and what is on, about twice a month",
                "tr": "Bülten: haberler, ipuçları ve etkinlikler, ayda yaklaşık iki kez",
            }
        },
    ),
    ConsentText(
        purpose="offers",
        channel="email",
        version=1,
        words={
            1: {
                "en": "Offers that suit me, chosen by my interests and activity",
                "tr": "İlgi alanlarıma ve hareketlerime göre seçilmiş, bana uygun teklifler",
            }
        },
    ),
    ConsentText(
        purpose="surveys",
        channel="email",
        version=1,
        words={
            1: {
                "en": "Invitations to surveys, so that my view counts",
                "tr": "Görüşümün sayılması için anket davetleri",
            }
        },
    ),
]
BY_CODE = {text.code: text for text in CONSENT_TEXTS}


def consent_text(purpose: str, channel: str) -> ConsentText | None:
    return BY_CODE.get(f"{purpose}_{channel}")
