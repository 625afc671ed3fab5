from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from community.models import Category, Idea, Report

IDEA_LENGTH = 10_000
COMMENT_LENGTH = 5_000


class TokenField(forms.UUIDField):
    """Names the form that was filled in, so that sending it twice does one thing."""

    widget = forms.HiddenInput

    def __init__(self):
        super().__init__(required=False, initial=uuid4)

    def clean(self, value):
        try:
            return super().clean(value)
        except ValidationError:
            return None


class IdeaForm(forms.Form):
    """What a member writes when sharing or changing an idea."""

    title = forms.CharField(
        label=_("Title"),
        max_length=140,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "hx-get": reverse_lazy("community:idea_similar"),
                "hx-trigger": "input changed delay:400ms",
                "hx-target": "#similar",
                "hx-sync": "this:replace",
            }
        ),
        help_text=_("Say in one sentence what should be different."),
    )
    body = forms.CharField(
        label=_("Description"),
        max_length=IDEA_LENGTH,
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
    token = TokenField()


SORTS = [("trending", _("Trending")), ("top", _("Top")), ("new", _("New"))]


class IdeaFilterForm(forms.Form):
    """The idea list's filters, from the address; what does not fit is left out."""

    q = forms.CharField(max_length=100, required=False)
    board = forms.SlugField(required=False)
    status = forms.ChoiceField(choices=Idea.Status.choices, required=False)
    sort = forms.ChoiceField(
        choices=SORTS,
        required=False,
    )
    after = forms.CharField(max_length=80, required=False)

    def chosen(self) -> dict[str, str]:
        """The filters that hold, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class CommentForm(forms.Form):
    body = forms.CharField(
        label=_("Comment"),
        max_length=COMMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("You may use Markdown, and call somebody with @ and their name."),
    )
    token = TokenField()


class ReportForm(forms.Form):
    """Why something does not belong here."""

    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=Report.Reason.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("What should we know?"),
        max_length=1_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class HideForm(forms.Form):
    """A moderator's reason, which the author is told."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=1_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The author reads this, and may object."),
    )


class ObjectionForm(forms.Form):
    text = forms.CharField(
        label=_("Why should it be shown again?"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AnswerForm(forms.Form):
    """The brand's word about an idea."""

    status = forms.ChoiceField(label=_("Status"), choices=Idea.Status.choices)
    response = forms.CharField(
        label=_("Official response"),
        max_length=5_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Everybody reads it below the idea; author and voters are told."),
    )
