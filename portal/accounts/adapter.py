from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from portal.accounts.models import Member
from portal.accounts.services.members import create_member
from portal.ui.requests import MemberRequest


class AccountAdapter(DefaultAccountAdapter):
    """Where allauth's flow meets our members."""

    def format_email_subject(self, subject: str) -> str:
        return str(subject)

    def save_user(
        self, request: HttpRequest, user: Member, form: BaseForm, commit: bool = True
    ) -> Member:
        """Make the member as everywhere else: with a handle, and with the fact that they joined."""
        data = form.cleaned_data
        return create_member(
            name=data["name"],
            email=data["email"],
            password=data["password1"],
            language=get_language() or settings.LANGUAGE_CODE,
            time_zone=data.get("time_zone") or settings.PROGRAM_TIMEZONE,
        )

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:welcome")

    def get_login_redirect_url(self, request: MemberRequest) -> str:
        """The home page in the member's own language, whatever page they logged in on."""
        language = request.user.language
        return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
