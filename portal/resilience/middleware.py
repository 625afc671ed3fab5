"""Sessions of readers, which can do without being written."""

from typing import Any

from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from portal.resilience.reading import best_effort

SAFE = ("GET", "HEAD", "OPTIONS")


class PatientSessionMiddleware(SessionMiddleware):
    """Django's own; what a page that was only read would have kept of the session may be lost."""

    def process_response(self, request: HttpRequest, response: Any) -> HttpResponse:
        if request.method not in SAFE or not request.session.modified:
            return super().process_response(request, response)
        with best_effort("session"):
            return super().process_response(request, response)
        # Nothing was saved, so the browser gets no key of it either.
        request.session.modified = False
        return super().process_response(request, response)
