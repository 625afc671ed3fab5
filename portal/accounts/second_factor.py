"""Who has to prove a second factor before a role's permissions count, and where that is done.

In production a role is as strong as the log-in behind it. So it is the permissions that are
guarded, not addresses: a session that has proven no second factor holds what any member holds.
"""

import time
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.urls import reverse

from portal.accounts.models import Member

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

METHOD = "mfa"
# Recovery codes replace one of these and are none by themselves.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


class SessionHolder:
    """What allauth reads its records from: a request or, here, a socket's session."""

    def __init__(self, session: SessionBase):
        self.session = session


def guard(member: "Viewer", session: SessionBase) -> "Viewer":
    """Withhold a role's permissions from a session without a second factor; return the member.

    It asks the database only about sessions that have used one: members without a role hold
    nothing that could be withheld.
    """
    if settings.IS_PRODUCTION and isinstance(member, Member) and not is_proven(member, session):
        member.withhold_permissions()
    return member


def is_proven(member: Member, session: SessionBase) -> bool:
    """Whether this session used a factor of late, and the member still has one.

    A proof holds for `STAFF_PROOF_HOURS`, so that a browser left open is no open door. Every
    log-in and sign-up notes how it was done. A session without any note was made by a program
    that has the database at hand, such as a test, and counts as the member does.
    """
    records = get_authentication_records(SessionHolder(session), member)
    oldest = time.time() - settings.STAFF_PROOF_HOURS * 3600
    has_used = any(one.get("method") == METHOD and one.get("at", 0) > oldest for one in records)
    return (has_used or not records) and has_factor(member)


def has_factor(member: Member) -> bool:
    """Whether the member has set up an app or a passkey."""
    return is_mfa_enabled(member, FACTORS)


def would_hold(member: Member) -> bool:
    """Whether something that was refused while withheld would be granted to the whole role."""
    if not (member.is_withheld and member.refused):
        return False
    whole = Member.objects.get(pk=member.pk)
    return any(whole.has_perm(permission, thing) for permission, thing in member.refused)


def way_in(member: Member, *, following: str = "") -> str:
    """Where the member sets a second factor up, or proves the one they have."""
    if not has_factor(member):
        return reverse("mfa_index")
    proving = reverse("mfa_reauthenticate")
    return f"{proving}?{urlencode({'next': following})}" if following else proving
