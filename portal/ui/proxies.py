"""Whose word about addresses counts: that of the proxies in `TRUSTED_PROXIES`, nobody else's.

What they say is put where a server puts what it saw itself, and the headers are taken away. So
whoever reads a request afterwards, be it limits, sessions, logs or a library, has one address to
read and cannot be told another.
"""

import functools
import ipaddress
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# A proxy that comes by a socket in the file system has no address.
UNIX = "unix"
CHAIN = "x-forwarded-for"
SCHEME = "x-forwarded-proto"
# Headers in which proxies of all makers tell an address; only the chain is ever read.
TELLING = frozenset(
    {
        CHAIN,
        "cf-connecting-ip",
        "client-ip",
        "do-connecting-ip",
        "fastly-client-ip",
        "fly-client-ip",
        "forwarded",
        "forwarded-for",
        "true-client-ip",
        "via",
        "x-appengine-user-ip",
        "x-azure-clientip",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-envoy-external-address",
        "x-forwarded",
        "x-original-forwarded-for",
        "x-real-ip",
    }
)
# What a stranger may not say, and a trusted proxy may.
FROM_PROXIES = frozenset({SCHEME, "x-forwarded-host", "x-forwarded-port", "x-forwarded-server"})


class TrustedProxiesMiddleware:
    """Gives each request the address of its client; comes before everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta = request.META
        remote = meta.get("REMOTE_ADDR", "")
        meta["REMOTE_ADDR"] = client_of(remote, meta.get(_key(CHAIN), ""))
        refused = TELLING if is_proxy(remote) else TELLING | FROM_PROXIES
        for name in refused:
            meta.pop(_key(name), None)
        # A request keeps what was read of its headers.
        request.__dict__.pop("headers", None)
        return self.get_response(request)


class TrustedProxies:
    """The same for whatever is not Django's: wraps an ASGI application."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self.app = app

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> Any:
        return await self.app(_of_the_client(scope), receive, send)


def is_proxy(remote: str) -> bool:
    """Return whether the other end of a connection is a proxy that we believe."""
    address = _parsed(remote)
    networks, by_file = _trusted(tuple(settings.TRUSTED_PROXIES))
    if address is None:
        return by_file and not remote.strip(":/").removeprefix(UNIX)
    return any(address in network for network in networks)


def client_of(remote: str, chain: str) -> str:
    """Return the address of the client behind `remote`, who sent `chain` as X-Forwarded-For.

    The chain is read from its end, where each proxy has put whom it saw: as long as that is
    a trusted proxy too, at most `TRUSTED_PROXY_COUNT` of them. What is no address ends it.
    """
    client = remote
    for hop in _hops(chain):
        if not is_proxy(client):
            break
        address = _parsed(hop)
        if address is None:
            break
        client = str(address)
    return client


def parse_proxies(entries: Iterable[str]) -> list[Network]:
    """Return the networks among the entries. Raises ValueError for what is none."""
    return [ipaddress.ip_network(entry.strip()) for entry in entries if entry.strip() != UNIX]


def _hops(chain: str) -> Iterator[str]:
    last = chain.split(",")[-max(1, settings.TRUSTED_PROXY_COUNT) :]
    return (hop for hop in reversed(last) if hop.strip())


@functools.lru_cache(maxsize=8)
def _trusted(entries: tuple[str, ...]) -> tuple[list[Network], bool]:
    return parse_proxies(entries), UNIX in entries


def _parsed(text: str) -> Address | None:
    """The address, without a port or a zone; IPv4 in IPv6's clothes is IPv4."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _key(header: str) -> str:
    return "HTTP_" + header.upper().replace("-", "_")


def _of_the_client(scope: dict[str, Any]) -> dict[str, Any]:
    remote, port = scope.get("client") or ("", 0)
    headers = scope.get("headers", [])
    told = [value.decode("latin-1") for name, value in headers if name == CHAIN.encode()]
    client = client_of(remote, ",".join(told))
    refused = TELLING if is_proxy(remote) else TELLING | FROM_PROXIES
    kept = [(name, value) for name, value in headers if name.decode("latin-1") not in refused]
    return scope | {"client": (client, port), "headers": kept}
