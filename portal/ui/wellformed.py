"""What no request may hold, refused in words before anything else reads it.

The database takes no NUL, the file system no name of 300 bytes, `int` no 5,000 digits; and each
page would have to think of it. What every page would refuse is refused here, and what only the
database, the file system or a library can tell is answered here once they have told it.
"""

import logging
import re
from collections.abc import Callable, Iterator
from http import HTTPMethod
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

from portal.ui.refusals import Refusal, refusal_page
from portal.ui.unfit import refusal_of

LONGEST_PATH, LONGEST_QUERY, LONGEST_COOKIE = 2_000, 16_000, 4_096
METHODS = frozenset(HTTPMethod) - {HTTPMethod.CONNECT, HTTPMethod.TRACE}
CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
# Neither can be kept as text.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
CHARSETS = ("", "utf-8", "utf8", "us-ascii", "ascii")
HEADERS = ("HTTP_", "CONTENT_")
BROKEN = (UnreadablePostError, MultiPartParserError)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
logger = logging.getLogger(__name__)


class WellFormedMiddleware:
    """Refuses requests that nobody could answer, and takes away cookies that nobody wrote."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        refused = next(_faults(request), None)
        if refused:
            return refusal_page(request, refused)
        _drop_broken_cookies(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what a library, the database or the file system found unfit; log where."""
        refused = refusal_of(error, request)
        if refused is None:
            return None
        logger.warning("%s: %r", request.resolver_match, error, exc_info=error)
        return refusal_page(request, refused)


class WellFormedFormsMiddleware:
    """Refuses forms that cannot be read or kept; comes after CSRF's, which reads them first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        # Who needs no token may read the body as it comes, which is possible only once.
        if request.method != "POST" or getattr(view, "csrf_exempt", False):
            return None
        try:
            texts = list(_posted(request))
        except BROKEN:
            return refusal_page(request, Refusal.BROKEN_FORM)
        except TOO_MUCH:
            return refusal_page(request, Refusal.TOO_MUCH)
        is_unfit = any(UNSTORABLE.search(text) for text in texts)
        return refusal_page(request, Refusal.UNSTORABLE) if is_unfit else None


def read_content_type(request: HttpRequest, meta: dict[str, Any]) -> None:
    """In the place of Django's own, which decodes the query by whatever codec a client names.

    That happens before any middleware, so that `charset=base64` ended in no answer at all. Here
    text is UTF-8, and what says otherwise is refused by `WellFormedMiddleware`.
    """
    try:
        kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
    except (LookupError, ValueError):
        kind, parameters = "", {"charset": "unknown"}
    request.content_type, request.content_params = kind, parameters


def _faults(request: HttpRequest) -> Iterator[Refusal]:
    meta = request.META
    if request.method not in METHODS:
        yield Refusal.METHOD
    query = meta.get("QUERY_STRING", "")
    if len(request.path_info) > LONGEST_PATH or len(query) > LONGEST_QUERY:
        yield Refusal.TOO_LONG
    if CONTROL.search(request.path_info):
        yield Refusal.GONE
    headers = [name for name in meta if name.startswith(HEADERS) and name != "HTTP_COOKIE"]
    if any(CONTROL.search(str(meta[name])) for name in headers):
        yield Refusal.UNSTORABLE
    if not _is_length(meta.get("CONTENT_LENGTH", "")):
        yield Refusal.LENGTH
    if (request.content_params or {}).get("charset", "").lower() not in CHARSETS:
        yield Refusal.CHARSET


def _is_length(text: object) -> bool:
    digits = str(text or "0")
    return digits.isascii() and digits.isdigit() and len(digits) < 16


def _drop_broken_cookies(request: HttpRequest) -> None:
    """A cookie that no answer of ours set is no reason to lock its owner out for ever."""
    for name, value in list(request.COOKIES.items()):
        if len(value) > LONGEST_COOKIE or CONTROL.search(value) or UNSTORABLE.search(name + value):
            del request.COOKIES[name]


def _posted(request: HttpRequest) -> Iterator[str]:
    """Names of fields and files. What was typed is the form's to judge, which shows it again."""
    yield from request.POST
    for _field, files in request.FILES.lists():
        yield from (str(getattr(file, "name", "")) for file in files)
