"""What members set for themselves: profile, privacy, closing the account."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms.entrance import ConsentFields, zone_choices
from portal.accounts.models import Interest, Member
from portal.accounts.pictures import FORMATS
from portal.accounts.services.members import is_free
from portal.ui.choices import offer, offered_by

ACCEPTED = ",".join(f"image/{name.lower()}" for name in FORMATS)
CHECK = forms.CheckboxInput(attrs={"class": "check-input"})


class ProfileForm(forms.ModelForm):
    """Everything on the profile page but the picture."""

    interests = forms.MultipleChoiceField(
        label=_("Interests"), required=False, widget=forms.CheckboxSelectMultiple
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zone_choices)

    class Meta:
        model = Member
        fields = ["name", "handle", "bio", "city", "interests", "language", "time_zone"]
        labels = {
            "name": _("Name"),
            "handle": _("Handle"),
            "bio": _("About you"),
            "city": _("City"),
            "language": _("Language"),
        }
        help_texts = {
            "handle": _(
                "How others mention you, after an @. Your former handles keep leading to you."
            ),
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "handle": forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
            ),
            "bio": forms.Textarea(attrs={"rows": 4, "maxlength": 500}),
            "city": forms.TextInput(attrs={"autocomplete": "address-level2"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Validation writes into the instance; keep the page's own member as it is.
        self.own = Member.objects.get(pk=self.instance.pk)
        offered = {interest.code: interest.name for interest in Interest.objects.offered()}
        former = Interest.objects.filter(code__in=self.own.interests, is_offered=False)
        offered |= {interest.code: interest.name for interest in former}
        offer(self, "interests", list(offered.items()))
        if not offered:
            del self.fields["interests"]
        zones = offered_by(self, "time_zone")
        if self.own.time_zone not in dict(zones):
            offer(self, "time_zone", [(self.own.time_zone, self.own.time_zone), *zones])

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(char.isalnum() for char in name):
            raise ValidationError(_("Please write a name with letters in it."))
        return name

    def clean_handle(self) -> str:
        handle = self.cleaned_data["handle"]
        if handle != self.own.handle and not is_free(handle, member=self.own):
            raise ValidationError(_("This name is taken. Please choose another."), code="taken")
        return handle

    def validate_unique(self) -> None:
        """`clean_handle` has asked already, former handles included."""

    def changes(self) -> dict:
        """What `save_profile` takes."""
        return {"interests": self.own.interests, **self.cleaned_data}


class PictureForm(forms.Form):
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_("JPEG, PNG, WebP or GIF, at most 5 MB. We cut it to a square."),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        allow_empty_file=True,
    )


class PrivacyForm(forms.ModelForm):
    """Who sees what, and whether the game shows."""

    class Meta:
        model = Member
        fields = [
            "audience",
            "shows_about",
            "shows_badges",
            "shows_contributions",
            "is_listed",
            "alias",
            "is_playing",
        ]
        widgets = {
            "audience": forms.RadioSelect,
            "shows_about": CHECK,
            "shows_badges": CHECK,
            "shows_contributions": CHECK,
            "is_listed": CHECK,
            "alias": forms.TextInput(attrs={"autocomplete": "off"}),
            "is_playing": CHECK,
        }
        help_texts = {
            "is_listed": _("Without it you appear in no ranking and no list of members."),
            "alias": _(
                "If you give one, leaderboards show it instead of your name and picture, "
                "and do not lead to your profile."
            ),
            "is_playing": _(
                "Without it the portal looks like any other. What you earn is kept for you."
            ),
        }

    def clean_alias(self) -> str:
        """No name of another member: nobody is to collect points as somebody else."""
        alias = " ".join(self.cleaned_data["alias"].split())
        if alias and not any(char.isalnum() for char in alias):
            raise ValidationError(_("Please write a name with letters in it."))
        others = Member.objects.exclude(pk=self.instance.pk)
        if alias and others.filter(Q(name__iexact=alias) | Q(handle=alias.lower())).exists():
            raise ValidationError(_("This name is taken. Please choose another."), code="taken")
        return alias

    def sight_fields(self) -> list[forms.BoundField]:
        return [self["shows_about"], self["shows_badges"], self["shows_contributions"]]

    def game_fields(self) -> list[forms.BoundField]:
        return [self["is_listed"], self["is_playing"]]


class ConsentForm(ConsentFields, forms.Form):
    """The consents, as they stand."""

    def __init__(self, *args: Any, given: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_consents(given)


class ClosingForm(forms.Form):
    """Closing the account takes the password, or without one the handle."""

    leaves_words = forms.BooleanField(
        label=_("Leave what I shared in public to the others"),
        required=False,
        help_text=_(
            "Your ideas, comments and contest entries stay readable, as from a member who left. "
            "Without this, they are emptied too."
        ),
    )

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.member = member
        if member.has_usable_password():
            self.fields["proof"] = forms.CharField(
                label=_("Password"),
                strip=False,
                widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
            )
        else:
            self.fields["proof"] = forms.CharField(
                label=_("Your handle, to confirm"),
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )

    def clean_proof(self) -> str:
        proof = self.cleaned_data["proof"]
        if self.member.has_usable_password():
            if not self.member.check_password(proof):
                raise ValidationError(_("This is not your password. Please try again."))
        elif proof.strip().lstrip("@") != self.member.handle:
            raise ValidationError(_("This is not your handle. Please try again."))
        return proof
