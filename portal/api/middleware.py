"""What holds for every address below /api/, whatever answers there."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation.trans_real import parse_accept_lang_header

from portal.api.problems import CONTENT_TYPE, problem

PREFIX = "/api/"


class ApiMiddleware:
    """No cookies in or out, the language of Accept-Language, and every error as a problem."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES = {}
        response = self._refusal(request) or self.get_response(request)
        if response.status_code >= 400 and response["Content-Type"] != CONTENT_TYPE:
            response = _as_problem(request, response)
        response.setdefault("Cache-Control", "no-store")
        response.cookies.clear()
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """A key that came without TLS is told so: a redirect would let the mistake go on unseen."""
        if not settings.SECURE_SSL_REDIRECT or request.is_secure():
            return None
        with translation.override(accepted_language(request)):
            return problem(403, _("Call this address by https://; do not use this key any more."))

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """The addresses have no language of their own; this one is known once they are resolved."""
        if request.path.startswith(PREFIX):
            translation.activate(accepted_language(request))
            request.LANGUAGE_CODE = translation.get_language()


def accepted_language(request: HttpRequest) -> str:
    """The first of ours that the client accepts, else the site's own."""
    ours = dict(settings.LANGUAGES)
    for wanted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = wanted.split("-")[0]
        if code in ours:
            return code
    return settings.LANGUAGE_CODE


def _as_problem(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The same status in our form; headers such as Allow stay, the page goes.

    Where a part is away the page brings title and words along, as `told`.
    """
    with translation.override(accepted_language(request)):
        title, words = getattr(response, "told", ("", ""))
        told = problem(response.status_code, words, title=title)
    for name, value in response.items():
        if name not in ("Content-Type", "Content-Length"):
            told[name] = value
    return told
