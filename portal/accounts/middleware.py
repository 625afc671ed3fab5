from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _


class MemberPreferencesMiddleware:
    """Shows times in the member's own zone."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            timezone.activate(request.user.zone)
        else:
            timezone.deactivate()
        return self.get_response(request)


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
