from django import forms
from django.utils.translation import gettext_lazy as _

from portal.api.models.keys import NAME_LENGTH
from portal.api.scopes import SCOPES


class KeyForm(forms.Form):
    """A new key: for whom, and what it may do."""

    name = forms.CharField(
        label=_("Application"),
        max_length=NAME_LENGTH,
        help_text=_("The program that will hold the key. A known name gets one key more."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        choices=lambda: [(scope, f"{words} ({scope})") for scope, words in SCOPES.items()],
        widget=forms.CheckboxSelectMultiple,
    )
