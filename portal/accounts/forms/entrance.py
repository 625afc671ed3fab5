"""How people come in: sign-up with consents, and the two questions after it."""

import secrets
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.models import Login
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.consents import CONSENT_TEXTS
from portal.accounts.models import Consent, Member
from portal.accounts.services.consents import give_consent
from portal.cms.models import TextPage
from portal.ui.choices import offer
from portal.ui.text import sort_key
from portal.ui.zones import known_zones

JUST_NOW = timedelta(minutes=10)


class ConsentFields(forms.Form):
    """Adds an unticked box for each purpose and channel, named by its code."""

    def add_consents(self, given: Collection[str] = ()) -> None:
        for text in CONSENT_TEXTS:
            self.fields[text.code] = forms.BooleanField(
                label=text.label,
                required=False,
                initial=text.code in given,
                widget=forms.CheckboxInput(attrs={"class": "check-input"}),
            )

    def consent_fields(self) -> list[forms.BoundField]:
        return [self[text.code] for text in CONSENT_TEXTS]

    def consent_codes(self) -> set[str]:
        return {text.code for text in CONSENT_TEXTS if self.cleaned_data[text.code]}


class SignupForm(ConsentFields, allauth_forms.SignupForm):
    """*Name*, *Email*, *Password*, and consents apart from each other, unticked."""

    field_order = ["name", "email", "password1"]

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As others will see you. You can change it at any time."),
    )
    time_zone = forms.CharField(
        required=False, widget=forms.HiddenInput(attrs={"data-time-zone": True})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("Email")
        for field in ("email", "password1"):
            self.fields[field].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _(
            "At least 8 characters. Three or four words are easy to remember and hard to guess."
        )
        self.add_consents()

    def privacy_url(self) -> str:
        return TextPage.objects.address("privacy")

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        if not any(char.isalnum() for char in name):
            raise ValidationError(_("Please write a name with letters in it."))
        return name

    def clean_time_zone(self) -> str:
        """The browser's zone; what we do not know becomes the programme's."""
        zone = self.cleaned_data["time_zone"]
        return zone if zone in known_zones() else ""

    def validate_unique_email(self, value: str) -> str:
        """Say nothing about addresses that are taken: their owner gets a mail instead."""
        self.account_already_exists = bool(allauth_forms.filter_users_by_email(value))
        return get_adapter().validate_unique_email(value)

    def try_save(self, request: HttpRequest) -> tuple[Member | None, HttpResponse | None]:
        if not self.account_already_exists:
            try:
                return self.save(request), None
            except IntegrityError:
                # The same form came twice at once, and the other one was faster.
                self.account_already_exists = True
        return None, self._answer_known(request)

    @transaction.atomic
    def save(self, request: HttpRequest) -> Member:
        """Make the member, the address and the consents, all or nothing."""
        return super().save(request)

    def signup(self, request: HttpRequest, member: Member) -> None:
        for text in CONSENT_TEXTS:
            if self.cleaned_data[text.code]:
                give_consent(
                    member=member,
                    purpose=text.purpose,
                    channel=text.channel,
                    source=Consent.Source.SIGNUP,
                    language=member.language,
                )

    def _answer_known(self, request: HttpRequest) -> HttpResponse:
        """Let in who knows the password (a form sent twice); write to the owner otherwise.

        Where addresses are verified first, nothing tells whether this one was known.
        """
        email = self.cleaned_data["email"]
        if settings.ACCOUNT_EMAIL_VERIFICATION == "mandatory":
            self._work_as_for_a_stranger(request)
            return prevent_enumeration(request, email=email)
        credentials = {"email": email, "password": self.cleaned_data["password1"]}
        adapter = get_adapter()
        try:
            member = adapter.authenticate(request, **credentials)
        except ValidationError:
            member = None
        if member is not None:
            is_new = timezone.now() - member.date_joined < JUST_NOW
            place = adapter.get_signup_redirect_url(request) if is_new else None
            login = Login(user=member, email=email, redirect_url=place)
            return perform_password_login(request, credentials, login)
        adapter.send_account_already_exists_mail(email)
        return adapter.respond_email_verification_sent(request, None)

    @transaction.atomic
    def _work_as_for_a_stranger(self, request: HttpRequest) -> None:
        """Make a member who is taken back at once: it takes as long as if they were new."""
        email = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{secrets.token_hex(8)}@sign-up.invalid"
        self.account_already_exists = False
        self.save(request)
        self.cleaned_data["email"], self.account_already_exists = email, True
        transaction.set_rollback(True)


class WelcomeForm(forms.ModelForm):
    """What do you hope for; how and when may we reach you."""

    class Meta:
        model = Member
        fields = ["hope", "contact_channel", "contact_hours"]
        labels = {
            "hope": _("What do you hope to find here?"),
            "contact_channel": _("How may we reach you?"),
            "contact_hours": _("When does it suit you?"),
        }
        widgets = {
            "hope": forms.RadioSelect,
            "contact_channel": forms.RadioSelect,
            "contact_hours": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "hope", Member.Persona.choices)


def zone_choices() -> list[tuple[str, str]]:
    """Every time zone by region and city, without the old names that mean the same."""
    zones = [zone for zone in known_zones() if "/" in zone and not _is_old(zone)]
    named = [(zone, zone.replace("_", " ")) for zone in zones]
    return [("UTC", "UTC"), *sorted(named, key=lambda pair: sort_key(pair[1]))]


def _is_old(zone: str) -> bool:
    return zone.startswith(("Etc/", "SystemV/", "US/", "Brazil/", "Canada/", "Chile/", "Mexico/"))
