from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from wagtail.users.models import UserProfile

if TYPE_CHECKING:
    from portal.accounts.models import Member


class MemberPreferencesMiddleware:
    """Shows times in the member's own zone, to visitors in the programme's; the CMS in their
    language, as it has no language prefix.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            timezone.activate(request.user.zone)
            if request.path.startswith("/cms/"):
                _prepare_cms(request.user)
        else:
            timezone.activate(ZoneInfo(settings.PROGRAM_TIMEZONE))
        return self.get_response(request)


def _prepare_cms(member: "Member") -> None:
    """Let Wagtail fall back to what the member set on the portal; nothing is written."""
    profile = getattr(member, "wagtail_userprofile", None) or UserProfile(user=member)
    profile.preferred_language = profile.preferred_language or member.language
    profile.current_time_zone = profile.current_time_zone or member.zone.key
    translation.activate(profile.preferred_language)


class StaffSecondFactorMiddleware:
    """In production nobody enters the CMS without a second factor."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.IS_PRODUCTION and request.path.startswith("/cms/") and self._lacks(request):
            messages.warning(
                request, _("Please set up a second factor first: it protects the whole community.")
            )
            return redirect("mfa_index")
        return self.get_response(request)

    def _lacks(self, request):
        return request.user.is_authenticated and not is_mfa_enabled(request.user)
