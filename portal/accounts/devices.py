"""Devices that a member has come in from before: what strangers guess does not lock them out.

A long-lived signed cookie names the device, at random, and the accounts that were proven on it, as
digests. Failed log-ins are counted for a known device by itself, for all others by account and
network, and by account alone up to a higher limit. So whoever guesses from many places is slowed
down, and the owner, at home on their own device, is not.
"""

import secrets
from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from portal.accounts.models import Member
from portal.ui.limits import client_address
from portal.ui.security_log import account_digest

SALT = "accounts.device"
KEPT_SECONDS = 365 * 24 * 3600
# Of a device that many share the latest accounts count.
MOST_ACCOUNTS = 8


class KnownDeviceMiddleware:
    """Gives the device its cookie in the answer to what proved an account on it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        proven = getattr(request, "proven_accounts", None)
        if proven:
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME,
                signing.dumps(_with(_read(request), proven), salt=SALT),
                max_age=KEPT_SECONDS,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response


def remember_device(request: HttpRequest, member: Member) -> None:
    """Know the device of `request` from now on as one of `member`, under all their addresses."""
    found = set(EmailAddress.objects.filter(user=member).values_list("email", flat=True))
    if member.email:
        found.add(member.email)
    request.proven_accounts = sorted(map(account_digest, found))  # type: ignore[attr-defined]


def device_name(request: HttpRequest) -> str:
    """The random name of the device, for the whole of a request, also where it is new."""
    return _read(request)["device"]


def attempt_keys(request: HttpRequest, email: str) -> tuple[str, str]:
    """Under what a failed log-in is counted: strictly, and for a longer time."""
    account, device = account_digest(email), _device(request, email)
    if device:
        return f"{account}:{device}", f"{account}:{device}"
    return f"{account}:{client_address(request)}", f"{account}:elsewhere"


def _device(request: HttpRequest, email: str) -> str:
    """The device's name where the account is known on it; a session that is logged in counts."""
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"session:{request.session.session_key}"
    known = _read(request)
    return f"device:{known['device']}" if account_digest(email) in known["accounts"] else ""


def _read(request: HttpRequest) -> dict[str, Any]:
    """What is known of the request's device, asked once, so that a new one keeps its name."""
    known = getattr(request, "known_device", None)
    if known is None:
        known = request.known_device = _known(request)  # type: ignore[attr-defined]
    return known


def _known(request: HttpRequest) -> dict[str, Any]:
    """What the cookie says; a new device where it says nothing, or where it is forged or old."""
    try:
        cookie = request.COOKIES[settings.DEVICE_COOKIE_NAME]
        known = signing.loads(cookie, salt=SALT, max_age=KEPT_SECONDS)
        return {"device": str(known["device"]), "accounts": list(known["accounts"])}
    except (KeyError, TypeError, signing.BadSignature):
        return {"device": secrets.token_urlsafe(12), "accounts": []}


def _with(known: dict[str, Any], proven: list[str]) -> dict[str, Any]:
    others = [digest for digest in known["accounts"] if digest not in proven]
    return {**known, "accounts": [*others, *proven][-MOST_ACCOUNTS:]}
