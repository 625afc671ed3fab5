"""What no line of the log may hold: keys in addresses, searches, mail addresses, whole networks.

It works on the finished words of a line, whoever wrote them: the request log, Django's "Not Found",
a server's access log, a traceback. The keys in addresses are found by the routes themselves: each
variable part is taken for a secret unless it is a number, a UUID, or named below.
"""

import ipaddress
import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

MASK = "***"
# Variable parts of addresses that are no secret; whatever else a route takes is masked.
PLAIN_PARTS = {
    *("action", "action_name", "app_label", "app_name", "code", "content_type_app_name"),
    *("content_type_model_name", "digest", "filename", "filter_spec", "handle", "media_type"),
    *("model_name", "object_id", "path", "pk", "rest", "slug", "revision_id_a", "revision_id_b"),
}
SECRET_NAMES = re.compile(
    r"(password|passwd|secret|token|authorization|cookie|session_?key|api_?key|^email$|^q$)", re.I
)
# Both begin where nothing like them stands before, so that a long line is read once.
QUERY = re.compile(r"(?<=[^\s\"<>])\?[^\s\"<>]+")
MAIL = re.compile(r"(?<![\w.+%=-])[\w.+%=-]+(?:@|%40)[\w-]+(?:\.[\w-]+)*", re.I)
BEARER = re.compile(r"\b(Bearer|Basic)\s+[\w.~+/=-]+", re.I)
API_KEY = re.compile(r"\bmeydan_[0-9a-f]{6,}_[\w-]+")
# PostgreSQL tells the values of the row that it refused.
DETAIL = re.compile(r"(DETAIL:\s+)[^\n]+")
# A long part of an address that no person wrote, as the key in a mistyped link.
LONG_PART = re.compile(
    r"(?<=/)(?=[^/\s]*\d)(?=[^/\s]*[A-Za-z])(?=[^/\s]*[A-Z]|[^/\s]*\w{20})"
    r"[\w:.~=%-]{30,}(?![\w:.~=%-])"
)
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.I)
IPV4 = re.compile(r"(?<![\w.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}(?!\w|\.\d)")
IPV6 = re.compile(r"(?<![\w:.])[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){3,7}(?![\w:])")
VARIABLE = re.compile(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>")
NAMED_GROUP = re.compile(r"\(\?P<(?P<name>\w+)>(?:[^()]|\([^()]*\))*\)")


def mask_line(_logger: Any, _method: str, line: dict[str, Any]) -> dict[str, Any]:
    """The step of structlog that every line passes, right before it is written."""
    return {name: _masked(name, value) for name, value in line.items()}


def mask_text(text: str) -> str:
    """The same words without keys, searches, addresses of people and the last part of networks."""
    text = QUERY.sub(f"?{MASK}", text)
    for route in secret_routes():
        text = route.sub(_hide_groups, text)
    text = LONG_PART.sub(lambda found: found[0] if UUID.match(found[0]) else MASK, text)
    text = BEARER.sub(rf"\1 {MASK}", text)
    text = API_KEY.sub(MASK, text)
    text = MAIL.sub(MASK, text)
    text = DETAIL.sub(rf"\1{MASK}", text)
    text = IPV4.sub(r"\1.0", text)
    return IPV6.sub(_network, text)


def _masked(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Mapping):
        return {str(key): _masked(str(key), one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_masked("", one) for one in value]
    return mask_text(str(value))


def _network(found: re.Match[str]) -> str:
    """The first 48 bits of an IPv6 address; other words with colons stay."""
    try:
        network = ipaddress.ip_network((found[0], 48), strict=False)
    except ValueError:
        return found[0]
    return str(network.network_address)


def _hide_groups(found: re.Match[str]) -> str:
    """The matched address with its secret parts masked, from the last to the first."""
    text, start = found[0], found.start()
    for group in range(found.re.groups, 0, -1):
        begin, end = found.span(group)
        text = text[: begin - start] + MASK + text[end - start :]
    return text


@cache
def secret_routes() -> tuple[re.Pattern[str], ...]:
    """A pattern for each route that takes a secret, its secret parts in groups."""
    from django.urls import get_resolver

    patterns = {_as_pattern(route) for route in secret_addresses(get_resolver())}
    return tuple(re.compile(one) for one in sorted(patterns, key=len, reverse=True))


def secret_addresses(resolver: Any, before: str = "") -> Iterator[str]:
    """The routes below a resolver that have a part which is not plain."""
    for pattern in resolver.url_patterns:
        route = before + _route_of(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from secret_addresses(pattern, route)
        elif any(not is_plain(name, converter) for name, converter in parts_of(route)):
            yield route


def parts_of(route: str) -> list[tuple[str, str]]:
    """The names and converters of a route's variable parts."""
    return [(one["name"], one["converter"] or "str") for one in VARIABLE.finditer(route)]


def is_plain(name: str, converter: str) -> bool:
    return converter in ("int", "uuid") or name in PLAIN_PARTS


def _route_of(pattern: Any) -> str:
    """The pattern as it is written, a language's prefix left out: it may stand before any."""
    from django.urls import LocalePrefixPattern

    return "" if isinstance(pattern, LocalePrefixPattern) else str(pattern)


def _as_pattern(route: str) -> str:
    """A route as an expression that finds it anywhere in a text."""
    route = NAMED_GROUP.sub(lambda one: f"<{one['name']}>", route).replace("^", "").replace("$", "")
    shape = r"[^/\s\"'?]+"
    parts, place = ["/"], 0
    for one in VARIABLE.finditer(route):
        parts.append(re.escape(route[place : one.start()]))
        plain = is_plain(one["name"], one["converter"] or "str")
        parts.append(shape if plain else f"({shape})")
        place = one.end()
    return "".join(parts)
