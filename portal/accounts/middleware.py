from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import get_user
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect
from wagtail.users.models import UserProfile

from portal.accounts.second_factor import guard, has_factor, way_in, would_hold

if TYPE_CHECKING:
    from portal.accounts.models import Member

CMS = "/cms/"
FORBIDDEN = 403


class MemberPreferencesMiddleware:
    """Shows times in the member's own zone, to visitors in the programme's; the CMS in their
    language, as it has no language prefix.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            timezone.activate(request.user.zone)
            if request.path.startswith(CMS):
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


class SecondFactorMiddleware:
    """In production a role's permissions count only in a session that proved a second factor.

    Without it staff see and do what a member may. Where their role would have let them in they
    are led to the second factor instead of being refused; at the CMS's door at once.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not settings.IS_PRODUCTION:
            return self.get_response(request)
        guarded = partial(_guarded_user, request)
        request.user, request.auser = SimpleLazyObject(guarded), sync_to_async(guarded)
        response = self.get_response(request)
        return (response.status_code == FORBIDDEN and _way_in(request)) or response

    def process_view(self, request, view, args, kwargs):
        if settings.IS_PRODUCTION and request.path.startswith(CMS):
            # Asked for its own sake: what is refused is remembered.
            request.user.has_perm("wagtailadmin.access_admin")
            return _way_in(request)
        return None


def _guarded_user(request):
    return guard(get_user(request), request.session)


def _way_in(request):
    """The answer that leads to the second factor, where a role would have been let in."""
    if not (request.user.is_authenticated and would_hold(request.user)):
        return None
    words = _("Please set up a second factor first: it protects the whole community.")
    if has_factor(request.user):
        words = _("Please prove your second factor first: it protects the whole community.")
    messages.warning(request, words)
    is_page = request.method == "GET" and not request.headers.get("HX-Request")
    target = way_in(request.user, following=request.get_full_path() if is_page else "")
    is_part = "HX-Request" in request.headers
    return HttpResponseClientRedirect(target) if is_part else redirect(target)
