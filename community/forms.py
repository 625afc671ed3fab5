from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Category

BODY_LENGTH = 10_000


class IdeaForm(forms.Form):
    """What a member writes when sharing or changing an idea."""

    title = forms.CharField(
        label=_("Title"),
        max_length=140,
        help_text=_("Say in one sentence what should be different."),
    )
    body = forms.CharField(
        label=_("Description"),
        max_length=BODY_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("Who would it help, and how? You may use Markdown."),
    )
    category = forms.ModelChoiceField(
        label=_("Board"),
        queryset=Category.objects.order_by("position", "pk"),
        required=False,
        empty_label=_("No board"),
    )


class IdeaFilterForm(forms.Form):
    """The idea list's filters, from the address; what does not fit is left out."""

    class Sort:
        TRENDING, TOP, NEW = "trending", "top", "new"

    q = forms.CharField(max_length=100, required=False)
    board = forms.SlugField(required=False)
    status = forms.CharField(max_length=12, required=False)
    sort = forms.ChoiceField(
        choices=[
            (Sort.TRENDING, _("Trending")),
            (Sort.TOP, _("Top")),
            (Sort.NEW, _("New")),
        ],
        required=False,
    )
