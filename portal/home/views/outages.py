"""The last answer: a part is away or a disk is full, or something of ours broke.

It asks neither the database nor the session, which may be what is away.
"""

import re
import sys
from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views import defaults

from portal.resilience.outages import Outage, outage_in

TITLES = {
    Outage.AWAY: _("One moment, please"),
    Outage.NO_WRITING: _("Nothing can be saved at the moment"),
}
WORDS = {
    Outage.AWAY: _(
        "The portal cannot reach its memory at the moment, and we are on it. Nothing that was"
        " saved is lost. Please try again in a few seconds."
    ),
    Outage.NO_WRITING: _(
        "The portal can be read, but nothing new can be saved at the moment, and we are on it."
        " Nothing was done by halves. Please try again in a few minutes."
    ),
}
RETRY_AFTER = {Outage.AWAY: 5, Outage.NO_WRITING: 60}
# What is never shown again, by the name of its field.
SECRET = re.compile(r"pass|secret|token|code|csrf|otp|credential", re.IGNORECASE)
# Longer texts are what somebody wrote, shorter ones are choices.
SHORT = 20


class Typed(NamedTuple):
    """One field of a form that could not be taken."""

    name: str
    value: str

    @property
    def is_text(self) -> bool:
        return len(self.value) > SHORT or "\n" in self.value


def server_error(request: HttpRequest) -> HttpResponse:
    """The answer to an error that nobody caught (`handler500`)."""
    outage = outage_in(sys.exc_info()[1])
    return defaults.server_error(request) if outage is None else unavailable(request, outage)


def unavailable(request: HttpRequest, outage: Outage) -> HttpResponse:
    """503 in words, with what was typed, and when to come back.

    For htmx a toast. `told`, title and words, is for programs.
    """
    with translation.override(_language(request)):
        response = _page(request, outage)
        told = str(TITLES[outage]), str(WORDS[outage])
        response.told = told  # type: ignore[attr-defined]
    response["Retry-After"] = str(RETRY_AFTER[outage])
    response["Cache-Control"] = "no-store"
    return response


def _language(request: HttpRequest) -> str:
    """The address's own; for programs, whose addresses have none, what they ask for."""
    if _is_api(request):
        return translation.get_language_from_request(request)
    return translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _page(request: HttpRequest, outage: Outage) -> HttpResponse:
    context: dict[str, Any] = {"title": TITLES[outage], "words": WORDS[outage]}
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(render_to_string("503.html#toast", context), status=503)
        response["HX-Retarget"], response["HX-Reswap"] = "#toasts", "beforeend"
        return response
    if (typed := _typed(request)) is not None:
        context |= {"typed": typed, "is_whole": not request.FILES, "action": _address(request)}
        context["csrf_token"] = get_token(request)
    return HttpResponse(render_to_string("503.html", context), status=503)


def _address(request: HttpRequest) -> str:
    """Where the form went, as an address of this site whatever it looks like."""
    return "/" + request.get_full_path().lstrip("/\\")


def _typed(request: HttpRequest) -> list[Typed] | None:
    """What a form of ours holds; None where it is somebody else's or cannot be read."""
    if request.method != "POST" or _is_api(request):
        return None
    try:
        if not _is_ours(request):
            return None
        fields = request.POST.lists()
    except Exception:
        return None
    return [
        Typed(name, value) for name, values in fields if not SECRET.search(name) for value in values
    ]


class _Check(CsrfViewMiddleware):
    """Says whether a form came from this site, and shows no page."""

    def _reject(self, request: HttpRequest, reason: str) -> HttpResponse:
        return HttpResponse(reason, status=403)


def _is_ours(request: HttpRequest) -> bool:
    if getattr(request, "csrf_processing_done", False):
        return True
    return (
        _Check(defaults.server_error).process_view(request, defaults.server_error, (), {}) is None
    )
