"""Choices of form fields that are known only when the form is made."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Let the form's field offer exactly these (value, label) pairs."""
    _field(form, name).choices = list(choices)


def offered_by(form: forms.BaseForm, name: str) -> list[tuple[Any, Any]]:
    """The (value, label) pairs that the form's field offers."""
    return list(cast("Iterable[tuple[Any, Any]]", _field(form, name).choices))


def _field(form: forms.BaseForm, name: str) -> forms.ChoiceField:
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is no field of choices")
    return field
