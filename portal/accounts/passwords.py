"""Passwords that anybody would try here first."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.cms.models import BrandSettings
from portal.ui.text import fold

# What stands in the guesses of whoever knows which portal this is (docs/operations.md lists them).
CONTEXT_WORDS = ("meydan", "password", "parola", "sifre", "community", "topluluk", "welcome")
FILLING = re.compile(r"[\W\d_]+")


class ContextWordsValidator:
    """Refuses passwords of nothing but the names of this place, digits and marks."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password like `Meydan-2026!`."""
        brand = BrandSettings.objects.values_list("name", flat=True).first() or ""
        letters = rest = FILLING.sub("", fold(password))
        for word in (*CONTEXT_WORDS, FILLING.sub("", fold(brand))):
            rest = rest.replace(word, "") if word else rest
        if letters and not rest:
            raise ValidationError(
                _("This password is easy to guess here: it is made of names of this place."),
                code="password_of_context_words",
            )

    def get_help_text(self) -> str:
        return _("Your password cannot be made of names of this place alone.")
