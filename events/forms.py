from django import forms
from django.utils.translation import gettext_lazy as _


class EntryForm(forms.Form):
    """What a member sends to a contest; the picture itself is checked by the service."""

    title = forms.CharField(label=_("Title"), max_length=100)
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG or WebP, at most 10 MB. Place and camera are removed from it."),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )
    text = forms.CharField(
        label=_("Description"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What do we see, and where was it? You may use Markdown."),
    )
    is_old_enough = forms.BooleanField()

    def __init__(self, *args, contest, has_picture=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["picture"].required = not has_picture
        if has_picture:
            self.fields["picture"].help_text = _("Only if you want to send another one.")
        if contest.minimum_age:
            words = _("I am at least %(age)d years old") % {"age": contest.minimum_age}
            self.fields["is_old_enough"].label = words
            self.fields["is_old_enough"].help_text = _("We keep your answer, not your birthday.")
        else:
            del self.fields["is_old_enough"]


class RefusalForm(forms.Form):
    """Why an entry is refused, in words that its author reads."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
