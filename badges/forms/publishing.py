from django import forms
from django.utils.translation import gettext_lazy


class PublishForm(forms.Form):
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What you change and why; it stands in the history."),
    )


class PublishBadgesForm(PublishForm):
    """The same for a draft with new badges."""

    gives = forms.BooleanField(
        label=gettext_lazy("Give the new badges at once"),
        required=False,
        help_text=gettext_lazy(
            "Each member is told once, however many come. Otherwise they come one by one, with"
            " what each member does next."
        ),
    )


class RevokeForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("The member reads it."),
    )
