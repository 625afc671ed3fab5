"""How often a member or an address may do something, counted in the cache."""

import functools
import hashlib
import ipaddress
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from portal.ui.proxies import client_of
from portal.ui.security_log import log_refusal

logger = logging.getLogger(__name__)

SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
WRITES = ("POST", "PUT", "PATCH", "DELETE")
View = Callable[..., HttpResponse]
CMS = "cms/"
API = "api/"


@dataclass(frozen=True)
class Limit:
    """How often: `rates` like `20/m` that must all hold, counted together under `scope`."""

    scope: str
    rates: tuple[str, ...]
    open_on_failure: bool = True


# What holds where a view names no limit of its own: Wagtail's and allauth's, and whatever is
# forgotten. The CMS saves and previews by itself while somebody writes; the API counts each key
# besides, and an address may have many.
BY_PLACE = {
    CMS: Limit("cms", ("600/m", "20000/d")),
    API: Limit("api-address", ("3000/m",)),
    "accounts/": Limit("account", ("60/m", "1000/d")),
    "": Limit("write", ("60/m", "2000/d")),
}


def hit(
    scope: str, key: str, limit: int, per_seconds: int, *, open_on_failure: bool = True
) -> bool:
    """Count one use and return whether it is still among the first `limit` of its window.

    Windows are fixed, so up to twice `limit` may pass around the turn of one. Without a cache
    it answers `open_on_failure`. With `RATE_LIMITS` off everything passes.
    """
    if not getattr(settings, "RATE_LIMITS", True):
        return True
    window = int(time.time() // per_seconds)
    digest = hashlib.sha256(f"{scope}\0{key}".encode()).hexdigest()[:32]
    try:
        return _count(f"limit:{digest}:{per_seconds}:{window}", per_seconds) <= limit
    except Exception:
        logger.exception("The cache cannot count %s", scope)
        return open_on_failure


def rate_limited(
    scope: str,
    *rates: str,
    methods: Iterable[str] = WRITES,
    open_on_failure: bool = True,
) -> Callable[[View], View]:
    """Let a view be asked only so often by one member, or by one address if logged out.

    Rates read `20/m` (s, m, h, d); all of them must hold. Who asks more often gets the page
    `429.html` with `retry_after` in seconds. Only `methods` are counted.
    """
    rule, counted = Limit(scope, rates, open_on_failure), frozenset(methods)

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def limited(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            refused = refusal(request, rule) if request.method in counted else None
            return refused or view(request, *args, **kwargs)

        if not counted.isdisjoint(WRITES):
            limited.limit = rule  # type: ignore[attr-defined]
        return limited

    return decorate


class WriteLimitMiddleware:
    """Counts every write whose view names no limit itself, so that none is without."""

    def __init__(self, get_response: View):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, args: tuple, kwargs: dict
    ) -> HttpResponse | None:
        if request.method not in WRITES or hasattr(view, "limit"):
            return None
        match = request.resolver_match
        return refusal(request, limit_for(match.route if match else "", view))


def limit_for(route: str, view: View) -> Limit:
    """The limit on writing by a view: its own, or that of its place."""
    language, _separator, rest = route.partition("/")
    route = rest if language in dict(settings.LANGUAGES) else route
    place = next(place for place in BY_PLACE if route.startswith(place))
    return getattr(view, "limit", None) or BY_PLACE[place]


def refusal(request: HttpRequest, limit: Limit) -> HttpResponse | None:
    """Count one use and return the page that says when to come back, if it was too much."""
    key = requester(request)
    for rate in limit.rates:
        count, per = parse_rate(rate)
        if not hit(limit.scope, key, count, per, open_on_failure=limit.open_on_failure):
            log_refusal("limit_reached", scope=limit.scope, requester=_named(key))
            return too_many(request, seconds_left(per))
    return None


@functools.cache
def parse_rate(rate: str) -> tuple[int, int]:
    """Return how many in how many seconds `20/m` allows."""
    limit, _, unit = rate.partition("/")
    return int(limit), SECONDS[unit]


def seconds_left(per_seconds: int) -> int:
    """Return how long the current window lasts, at least one second."""
    return max(1, per_seconds - int(time.time() % per_seconds))


def too_many(request: HttpRequest, retry_after: int) -> HttpResponse:
    response = render(request, "429.html", {"retry_after": retry_after}, status=429)
    response["Retry-After"] = str(retry_after)
    return response


def requester(request: HttpRequest) -> str:
    """Return the member who asks, or the address, of IPv6 the network of one household."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"member:{user.pk}"
    return f"address:{client_address(request)}"


def _named(key: str) -> str:
    """Who it was, for a log: a member by number, an address not at all."""
    return key if key.startswith("member:") else "visitor"


def client_address(request: HttpRequest) -> str:
    """Return where the request comes from, believing only the proxies of the settings."""
    chain = request.headers.get("X-Forwarded-For", "")
    return _network(client_of(request.META.get("REMOTE_ADDR", ""), chain))


def _network(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped or parsed.version == 4:
        return str(mapped or parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _count(key: str, per_seconds: int) -> int:
    """Add one; the cache may drop the counter between the two calls, then it starts anew."""
    for _ in range(3):
        cache.add(key, 0, timeout=per_seconds + 1)
        try:
            return cache.incr(key)
        except ValueError:
            continue
    raise ValueError("The counter does not stay in the cache.")
