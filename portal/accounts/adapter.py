from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from portal.accounts.devices import attempt_keys
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

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a try before it is made; `authenticate` takes it back if it succeeds.

        Raises ValidationError where the device, or all unknown ones together, tried too often.
        """
        self._tries = []
        for action, key in self._counted(request, credentials):
            usage = ratelimit.consume(request, app="allauth.account", action=action, key=key)
            if usage is None:
                raise self.validation_error("too_many_login_attempts")
            self._tries.append(usage)

    def _rollback_login_failed_rl_usage(self) -> None:
        for usage in self._tries:
            usage.rollback()

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Whoever set a new password by mail may log in with it at once, whatever was guessed."""
        for action, key in self._counted(request, credentials):
            ratelimit.clear(request, app="allauth.account", action=action, key=key)

    def _counted(self, request: HttpRequest, credentials: dict[str, Any]) -> list[tuple[str, str]]:
        email = str(credentials.get("email") or credentials.get("username") or "")
        return list(zip(settings.WRONG_PASSWORDS, attempt_keys(request, email), strict=True))

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:welcome")

    def get_login_redirect_url(self, request: MemberRequest) -> str:
        """The home page in the member's own language, whatever page they logged in on."""
        language = request.user.language
        return "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
