"""What the schema finds wrong with a programme, in words of ours and in the reader's language."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

# By the first word that fits a type of https://docs.pydantic.dev/latest/errors/validation_errors/.
WORDS = {
    "missing": gettext_noop("is missing"),
    "extra_forbidden": gettext_noop("is not known here"),
    "greater_than_equal": gettext_noop("must be at least %(ge)s"),
    "less_than_equal": gettext_noop("must be at most %(le)s"),
    "literal_error": gettext_noop("must be %(expected)s"),
    "string_pattern_mismatch": gettext_noop("write small letters and digits, joined by hyphens"),
    "string_too_short": gettext_noop("must not be empty"),
    "string_too_long": gettext_noop("is longer than %(max_length)s characters"),
    "too_short": gettext_noop("needs at least one"),
    "string_": gettext_noop("must be a text"),
    "int_": gettext_noop("must be a whole number"),
    "bool_": gettext_noop("must be true or false"),
    "datetime_": gettext_noop("must be a date and a time"),
    "date_": gettext_noop("must be a date"),
    "list_": gettext_noop("must be a list"),
    "dict_": gettext_noop("must be a mapping"),
    "model_": gettext_noop("must be a mapping"),
}


class ProgramError(ValueError):
    """A programme that cannot be used; `problems` are (place, message) pairs."""

    def __init__(self, problems: list[tuple[str, str]]):
        self.problems = problems
        super().__init__("\n".join(f"{place}: {message}" for place, message in problems))


def words_of(problem: dict[str, Any]) -> str:
    """One problem of a pydantic ValidationError as a sentence; the library's where we have none."""
    kind, context = problem["type"], problem.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    for name, words in WORDS.items():
        if kind == name or (name.endswith("_") and kind.startswith(name)):
            return _(words) % context
    return problem["msg"]
