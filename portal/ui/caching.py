"""Who may keep a copy of an answer: decided once, for every address."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PRIVATE = "private, no-store"


class CachingMiddleware:
    """Answers to a member are theirs alone; what a view calls public carries nobody's cookies.

    It stands outside of the sessions, so that it sees the cookies and `Vary` that they set.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        said = response.get("Cache-Control", "")
        if "public" in said:
            _share(response)
        elif "private" not in said and "no-store" not in said and _is_personal(request, response):
            response["Cache-Control"] = PRIVATE
        return response


def _is_personal(request: HttpRequest, response: HttpResponse) -> bool:
    """Whether a session or a cookie is behind the answer, in either direction."""
    return bool(response.cookies) or settings.SESSION_COOKIE_NAME in request.COOKIES


def _share(response: HttpResponse) -> None:
    response.cookies.clear()
    kept = [name.strip() for name in response.get("Vary", "").split(",")]
    kept = [name for name in kept if name and name.lower() != "cookie"]
    if kept:
        response["Vary"] = ", ".join(kept)
    else:
        response.headers.pop("Vary", None)
