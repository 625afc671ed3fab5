"""Input that no page may fall over: what a request can carry, sent to every address there is.

Which parameters an address reads is not written down anywhere: it is watched while it is asked.
"""

import random
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import quote

from django.core.cache import cache
from django.core.handlers.wsgi import WSGIRequest
from django.core.signals import got_request_exception
from django.db import transaction
from django.http import QueryDict
from django.test import Client
from django.utils.functional import cached_property

PLACE = re.compile(r"<(?:\w+:)?\w+>")
DIGITS = "9" * 5_000
# As they stand in an address: what bytes cannot be said in text is written in percents.
VALUES = {
    "nul": "a%00b",
    "controls": "a%1b%08%7f%0d%0ab",
    "digits": DIGITS,
    "beyond 64 bits": "9223372036854775808",
    "beyond 32 bits": "2147483648",
    "negative": "-1",
    "zero": "0",
    "float": "1e400",
    "not a number": "nan",
    "other digits": quote("١٢٣²"),
    "invalid UTF-8": "%ff%fe%c3%28",
    "surrogate": "%ed%a0%80",
    "direction": quote("a\u202eb\u2066\ufeff"),
    "long": "a" * 8_000,
    "many bytes": quote("ğ" * 2_000),
    "no date": "0000-00-00",
    "far date": "99999-12-31",
    "last date": "9999-12-31",
    "first date": "0001-01-01",
    "no uuid": "{00000000-0000-0000-0000-00000000000g}",
    "no address": quote("http://[::1/"),
    "elsewhere": quote("//evil.example\\@x"),
    "quotes": quote("'\"`;--/*"),
    "double quote": "%22",
    "brackets": quote("[](){}<>|&!:*?^$+.\\"),
    "percents": quote("%s %d %(x)s {0} {x} {{x}}"),
    "lookup": "id__in__regex",
    "path": quote("../../etc/passwd"),
    "space": "%20",
    "empty": "",
    "json": quote('{"a":[1,NaN,"\\ud800"]}'),
}


class Watched(QueryDict):
    """Form data that remembers which names were asked for."""

    asked: set[str] = set()

    def __getitem__(self, key):
        self._note(key)
        return super().__getitem__(key)

    def __contains__(self, key):
        self._note(key)
        return super().__contains__(key)

    def getlist(self, key, default=None):
        self._note(key)
        return super().getlist(key, default)

    def _note(self, key):
        if isinstance(key, str):
            self.asked.add(key)


@contextmanager
def watching(names: dict[str, set[str]]) -> Iterator[None]:
    """Collect in `names` which parameters are read, under "GET" and "POST"."""
    plain_get, plain_post = WSGIRequest.GET, WSGIRequest.POST

    def get(request):
        data = Watched(request.META.get("QUERY_STRING", ""), encoding=request._encoding)
        data.asked = names["GET"]
        return data

    def post(request):
        if not hasattr(request, "_post"):
            request._load_post_and_files()
        if type(request._post) is QueryDict:
            data = Watched("", mutable=True, encoding=request._encoding)
            for name, values in request._post.lists():
                data.setlist(name, values)
            data._mutable, data.asked = False, names["POST"]
            request._post = data
        return request._post

    watched = cached_property(get)
    watched.__set_name__(WSGIRequest, "GET")
    WSGIRequest.GET, WSGIRequest.POST = watched, property(post, lambda r, v: setattr(r, "_post", v))
    try:
        yield
    finally:
        WSGIRequest.GET, WSGIRequest.POST = plain_get, plain_post


# What addresses usually read; the whole walk finds out what each of them does.
NAMES = (
    *("q", "p", "page", "from", "until", "before", "after", "next", "state", "status", "order"),
    *("ordering", "id", "locale", "collection_id", "period", "currency", "title", "csrf", "in"),
)
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "multipart/form-data; boundary=x"
JSON = "application/json"
SESSION_OF_NUL = 'sessionid="a\\000bcdefghi"; csrftoken="\\000"'
# Requests that are odd as a whole: method, headers, body.
ODD = {
    "unknown method": ("BREW", {}, ""),
    "TRACE": ("TRACE", {}, ""),
    "PUT": ("PUT", {}, "a=b"),
    "DELETE": ("DELETE", {}, ""),
    "PATCH": ("PATCH", {}, "{"),
    "OPTIONS": ("OPTIONS", {}, ""),
    "digits in a range": ("GET", {"HTTP_RANGE": f"bytes={DIGITS}-{DIGITS}"}, ""),
    "controls in a header": ("GET", {"HTTP_USER_AGENT": "a\x00\x1b"}, ""),
    "controls in a referer": ("GET", {"HTTP_REFERER": "http://[\x07"}, ""),
    "no address": ("POST", {"HTTP_REFERER": "http://[", "HTTP_HX_CURRENT_URL": "//["}, ""),
    "no language": ("GET", {"HTTP_ACCEPT_LANGUAGE": "a" * 3_000 + ";q=nan,*;q=x"}, ""),
    "no date": ("GET", {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Foo 99999 99:99:99 GMT"}, ""),
    "cookie of a NUL": ("GET", {"HTTP_COOKIE": SESSION_OF_NUL}, ""),
    "cookie of controls": ("GET", {"HTTP_COOKIE": "sessionid=\x01\x02345678"}, ""),
    "long cookie": ("GET", {"HTTP_COOKIE": "sessionid=" + "a" * 9_000}, ""),
    "language in a cookie": ("GET", {"HTTP_COOKIE": "django_language=../x; messages=%00"}, ""),
    "charset that is none": ("POST", {"CONTENT_TYPE": f"{FORM}; charset=base64"}, "a=b"),
    "charset with shifts": ("POST", {"CONTENT_TYPE": f"{FORM}; charset=utf-7"}, "a=%2BAAA-"),
    "charset of a query": ("GET", {"CONTENT_TYPE": "text/plain; charset=rot13"}, ""),
    "charset of a charset": ("GET", {"CONTENT_TYPE": "text/plain; charset*=none''x"}, ""),
    "no length": ("POST", {"CONTENT_LENGTH": "many"}, "a=b"),
    "negative length": ("POST", {"CONTENT_LENGTH": "-5"}, "a=b"),
    "length of digits": ("POST", {"CONTENT_LENGTH": DIGITS}, "a=b"),
    "multipart without an end": ("POST", {"CONTENT_TYPE": BOUNDARY}, "--x\r\nContent-Dispo"),
    "multipart without a boundary": ("POST", {"CONTENT_TYPE": BOUNDARY[:19]}, "--x--"),
    "long boundary": ("POST", {"CONTENT_TYPE": BOUNDARY + "x" * 900}, "--x--"),
    "no base64": (
        "POST",
        {"CONTENT_TYPE": BOUNDARY},
        '--x\r\nContent-Disposition: form-data; name="a"\r\n'
        "Content-Transfer-Encoding: base64\r\n\r\n=\r\n--x--\r\n",
    ),
    "deep JSON": ("POST", {"CONTENT_TYPE": JSON}, "[" * 50_000),
    "JSON that is none": ("POST", {"CONTENT_TYPE": JSON}, '{"a": NaN, "b": "\\ud800"'),
    "bytes as JSON": ("POST", {"CONTENT_TYPE": JSON}, b"\xff\xfe\x00"),
}


@dataclass
class Asker:
    """Sends hostile requests as somebody, takes back what they did, and keeps what went wrong."""

    session: str = ""
    asked: int = 0
    wrong: list[tuple] = field(default_factory=list)
    _last: list = field(default_factory=list)

    def ask(self, method: str, url: str, label: str = "", body: str | bytes = "", **headers) -> int:
        """Send one request; returns the status of the answer."""
        client = Client(raise_request_exception=False)
        if self.session and "HTTP_COOKIE" not in headers:
            client.cookies["sessionid"] = self.session
        kind = headers.pop("CONTENT_TYPE", FORM if method == "POST" else "text/plain")
        cache.clear()
        self._last.clear()
        self.asked += 1
        try:
            with transaction.atomic():
                status = client.generic(method, url, body, kind, **headers).status_code
                transaction.set_rollback(True)
        except Exception as error:
            # Before or after everything that could have answered.
            self._note_error(error)
            status = 599
        if status >= 500:
            self.wrong.append((method, url[:90], label, status, *self._last))
        return status

    def _note(self, **_told):
        self._note_error(sys.exc_info()[1])

    def _note_error(self, error):
        place = traceback.extract_tb(error.__traceback__)[-1]
        words = f"{type(error).__name__}: {str(error)[:90]}"
        self._last.append(f"{words} {place.filename}:{place.lineno}")

    def read_by(self, address: str) -> dict[str, set[str]]:
        """Which parameters an address reads, from a first look at it."""
        names = {"GET": set(), "POST": set()}
        with watching(names):
            self.ask("GET", address)
            self.ask("POST", address)
        names["GET"] |= {"q", "p"}
        return names

    def glance(self, address: str, dice: random.Random) -> None:
        """Send one hostile request to an address: a query, a form, or something odd."""
        names = [(name, dice.choice(list(VALUES.values()))[:700]) for name in NAMES]
        data = "&".join(f"{name}={value}" for name, value in names)
        ways = {
            "query": ("GET", {}, ""),
            "form": ("POST", {}, data),
            **dict([dice.choice(list(ODD.items()))]),
        }
        label = dice.choice(list(ways))
        method, headers, body = ways[label]
        url = f"{address}?{data}" if label == "query" else address
        self.ask(method, url, label, body, **headers)

    def harass(self, address: str, paths: list[str]) -> None:
        """Send everything to an address: each value in each parameter, each odd request."""
        names = self.read_by(address)
        for label, value in VALUES.items():
            for name in sorted(names["GET"]):
                self.ask("GET", f"{address}?{name}={value}", label)
            body = "&".join(f"{quote(name)}={value}" for name in sorted(names["POST"]))
            self.ask("POST", address, label, body)
        for label, (method, headers, body) in ODD.items():
            self.ask(method, address, label, body, **headers)
        for path in paths:
            self.ask("GET", path)


@contextmanager
def errors_noted(asker: Asker) -> Iterator[None]:
    """Let an asker know which error was behind an answer."""
    got_request_exception.connect(asker._note)
    try:
        yield
    finally:
        got_request_exception.disconnect(asker._note)


def hostile_paths(route: str) -> Iterator[str]:
    """The address of a route with what it does not expect in the place of its variable parts."""
    for value in (DIGITS[:1_900], "9" * 40, "a%00b", "%ff%fe", "%ed%a0%80", "-1", "%2e%2e%2f" * 9):
        yield "/" + PLACE.sub(value, route)
    yield "/" + PLACE.sub("a" * 300, route)
