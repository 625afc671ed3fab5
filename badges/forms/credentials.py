from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from badges.services.credentials.issuing import ShownAs
from portal.accounts.models import Member
from portal.ui.choices import offer


class ShareForm(forms.Form):
    """What goes into a credential: the holder decides before anything is signed."""

    shown_as = forms.ChoiceField(label=_("Who holds it"), widget=forms.RadioSelect)
    with_email = forms.BooleanField(
        label=_("Bind it to my e-mail address"),
        required=False,
        help_text=_(
            "The address itself is not in it, only a fingerprint. Whoever knows your address"
            " can check that the badge is yours."
        ),
        widget=forms.CheckboxInput(attrs={"class": "check-input"}),
    )

    def __init__(self, *args: Any, member: Member, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_open = member.is_listed and member.audience == Member.Audience.EVERYONE
        self.fields["shown_as"].initial = ShownAs.NAME if is_open else ShownAs.NOBODY
        names = [
            (ShownAs.NAME, member.display_name),
            (ShownAs.HANDLE, f"@{member.handle}"),
            (ShownAs.NOBODY, _("No name: “a member of this community”")),
        ]
        offer(self, "shown_as", names)
        self.fields["with_email"].initial = True
        if not email:
            del self.fields["with_email"]

    def choices_made(self) -> dict:
        """What `issue_credential` takes."""
        data = self.cleaned_data
        return {"shown_as": data["shown_as"], "is_bound": data.get("with_email", False)}
