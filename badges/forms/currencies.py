"""What the currencies are called and how long they last."""

from django import forms
from django.utils.translation import gettext as _

from badges.forms.parts import LANGUAGES, whole_number
from badges.program.sentences import name_of

AFTER, WARN, GRACE = "after", "warn", "grace"
USUAL = 30


class CurrencyForm(forms.Form):
    """The names of every currency and, where it can be spent, when it expires."""

    def __init__(self, data=None, *, program):
        super().__init__(data)
        self.program = program
        for code, currency in program.currencies.items():
            for language, label in zip(LANGUAGES, _name_labels(), strict=True):
                name = getattr(currency.name, language)
                self.fields[f"name_{language}-{code}"] = forms.CharField(
                    label=label, max_length=200, initial=name
                )
            if currency.spendable:
                self._offer_expiry(code, currency.expires)

    def _offer_expiry(self, code, expires):
        fields = {
            AFTER: whole_number(
                _("Expires after days"),
                at_most=3650,
                help_text=_("From the day on which it was earned; empty: never."),
            ),
            WARN: whole_number(
                _("Announced days before"), at_most=365, help_text=_("Empty: 30 days.")
            ),
            GRACE: whole_number(
                _("May be given back for days"),
                at_least=0,
                at_most=365,
                help_text=_("By the team, after it has gone. Empty: 30 days."),
            ),
        }
        for name, field in fields.items():
            field.initial = getattr(expires, name, None)
            self.fields[f"{name}-{code}"] = field

    @property
    def groups(self):
        """Heading, code and rows of fields of each currency, as the page shows them."""
        for code, currency in self.program.currencies.items():
            names = [self[f"name_{language}-{code}"] for language in LANGUAGES]
            rows = [names]
            if currency.spendable:
                rows.append([self[f"{name}-{code}"] for name in (AFTER, WARN, GRACE)])
            yield name_of(currency), code, rows

    def clean(self):
        for code, currency in self.program.currencies.items():
            if currency.spendable and f"{AFTER}-{code}" not in self.errors:
                self._check_expiry(code)
        return self.cleaned_data

    def put_into(self, document: dict) -> dict:
        """A copy of the programme's document with these names and expiries."""
        currencies = {
            code: self._changed(code, currency) for code, currency in document["currencies"].items()
        }
        return {**document, "currencies": currencies}

    def _check_expiry(self, code: str) -> None:
        after, warn, grace = self._days(code).values()
        if after is None and (warn is not None or grace is not None):
            text = _("Say after how many days it expires, or leave all three empty.")
            self.add_error(f"{AFTER}-{code}", text)
        elif after is not None and (warn or USUAL) > after:
            text = _("It cannot be announced before it is earned: at most %(n)s days, please.")
            self.add_error(f"{WARN}-{code}", text % {"n": after})

    def _days(self, code: str) -> dict[str, int | None]:
        names = (AFTER, WARN, GRACE)
        return {name: self.cleaned_data.get(f"{name}-{code}") for name in names}

    def _changed(self, code: str, currency: dict) -> dict:
        words = {language: self.cleaned_data[f"name_{language}-{code}"] for language in LANGUAGES}
        kept = {key: value for key, value in currency.items() if key != "expires"}
        days = {name: n for name, n in self._days(code).items() if n is not None}
        return {**kept, "name": words, **({"expires": days} if days else {})}


def _name_labels() -> tuple[str, str]:
    return _("Name in English"), _("Name in Turkish")
