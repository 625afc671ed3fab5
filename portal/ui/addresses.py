"""The portal's own address: `PUBLIC_URL`, whatever a request calls the host."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PORTS = {"http": 80, "https": 443}


def absolute(path: str) -> str:
    """The address of `path` for mails and for other sites; whole ones stay as they are."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if path.startswith("/") else path


def public_host() -> tuple[str, int]:
    """Host and port of `PUBLIC_URL`."""
    parts = urlsplit(settings.PUBLIC_URL)
    return parts.hostname or "localhost", parts.port or PORTS.get(parts.scheme, 80)


class PublicAddressMiddleware:
    """Whoever makes a whole address out of a request gets that of `PUBLIC_URL`.

    A name in `Host` comes from the client. Mails with keys in them must not lead where it says,
    also those that a package writes.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        def build_absolute_uri(location: str | None = None) -> str:
            wanted = request.get_full_path() if location is None else str(location)
            return absolute(wanted if wanted.startswith("/") else urljoin(request.path, wanted))

        request.build_absolute_uri = build_absolute_uri  # type: ignore[method-assign]
        return self.get_response(request)
