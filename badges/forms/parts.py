"""What the forms of rules, badges, levels and seasons have in common."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from badges.program.vocabulary import MAX_AMOUNT
from portal.activity.registry import IMPORT_PREFIX, is_known_verb, verb_choices

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LANGUAGES = ("en", "tr")
CODE_HELP = gettext_lazy(
    "Lower-case words joined by hyphens, such as “idea-posted”. It stands in the ledger and never"
    " changes once it has been published."
)


def code_field() -> forms.CharField:
    return forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        label=gettext_lazy("Code"),
        max_length=40,
        help_text=CODE_HELP,
        error_messages={"invalid": gettext_lazy("Use lower-case words joined by hyphens.")},
    )


def whole_number(
    label: "StrOrPromise", *, at_least: int = 1, at_most: int = MAX_AMOUNT, **more: Any
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, min_value=at_least, max_value=at_most, required=False, **more
    )


def known_verbs(used: list[str]) -> list[tuple[str, str]]:
    """Every registered verb in words, and those in use that no feature brings any more."""
    choices = verb_choices()
    registered = {verb for verb, _label in choices}
    others = [verb for verb in used if verb not in registered and not is_import(verb)]
    return [*choices, *((verb, verb) for verb in others)]


def is_import(verb: str) -> bool:
    return verb.startswith(IMPORT_PREFIX)


class ImportVerbsField(forms.CharField):
    """Verbs of imported activities, which nobody registers: one a line."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", gettext_lazy("Imported activities"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy("Only for imports: verbs that begin with “import.”, separated by spaces."),
        )
        super().__init__(required=False, max_length=500, **kwargs)

    def clean(self, value: Any) -> list[str]:
        verbs = super().clean(value).split()
        if wrong := [verb for verb in verbs if not is_import(verb) or not is_known_verb(verb)]:
            raise forms.ValidationError(
                _("“%(verb)s” does not begin with “import.”.") % {"verb": wrong[0]}
            )
        return verbs


class PartForm(forms.Form):
    """A form over one part of the programme's document.

    `parts` are the others of its kind, whose codes are taken; `current` is the part that is
    edited; a published code is fixed.
    """

    def __init__(self, data=None, *, program, parts, current=None, is_published=False):
        self.program = program
        self.taken = {part["code"] for part in parts} - {(current or {}).get("code")}
        initial = self.initial_of(current) if current else {}
        super().__init__(data, initial=initial)
        self.fields["code"].disabled = is_published

    def initial_of(self, part: dict) -> dict:
        raise NotImplementedError

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if code in self.taken:
            raise forms.ValidationError(_("Another one has this code already."))
        return code

    def text_of(self, field: str) -> dict | None:
        """The words of a field in both languages; None when both are empty."""
        words = {language: self.cleaned_data.get(f"{field}_{language}") for language in LANGUAGES}
        return words if any(words.values()) else None

    def require_both(self, field: str) -> None:
        """Texts need both languages, or neither."""
        if self.text_of(field) is None:
            return
        for language in LANGUAGES:
            name = f"{field}_{language}"
            if not self.cleaned_data.get(name) and name not in self.errors:
                self.add_error(name, _("Please say it in this language, too."))

    def add_problems(self, problems: list[tuple[str, str]]) -> None:
        """Show what the check of the whole programme found, with its place."""
        for place, message in problems:
            self.add_error(None, f"{place}: {message}")


def words_of(part: dict, field: str) -> dict:
    """Initial values of a text's two fields."""
    text = part.get(field) or {}
    return {f"{field}_{language}": text.get(language, "") for language in LANGUAGES}
