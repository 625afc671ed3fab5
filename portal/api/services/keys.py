"""Keys: made and shown once, found again by their beginning, revoked for good."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.accounts.models import Member
from portal.api.models import ApiKey, Application
from portal.api.models.keys import NAME_LENGTH
from portal.api.scopes import SCOPES
from portal.resilience.reading import best_effort

BRAND = "meydan"
SHAPE = re.compile(rf"({BRAND}_[0-9a-f]{{12}})_[A-Za-z0-9_-]{{43}}")
# A key in use says so once in so long: a write with each call would be one too many.
USE_TOLD_EVERY = timedelta(minutes=1)


@transaction.atomic
def create_key(
    *, name: str, scopes: Collection[str], actor: Member | None = None
) -> tuple[ApiKey, str]:
    """Make a key for the application `name`, which is made too where it is new.

    Returns the row and the key itself, which nobody can be shown again. Raises ValidationError
    for an empty or too long name, and for no scope or an unknown one.
    """
    name = " ".join(name.split())
    if not name or len(name) > NAME_LENGTH:
        raise ValidationError(_("The name of an application has 1 to 80 characters."))
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown or not scopes:
        words = {"known": ", ".join(SCOPES), "unknown": ", ".join(unknown) or "–"}
        raise ValidationError(_("Scopes are %(known)s; these are not: %(unknown)s.") % words)
    application, _is_new = Application.objects.get_or_create(name=name)
    prefix = f"{BRAND}_{secrets.token_hex(6)}"
    key = f"{prefix}_{secrets.token_urlsafe(32)}"
    row = ApiKey.objects.create(
        application=application,
        prefix=prefix,
        digest=_digest(key),
        scopes=[scope for scope in SCOPES if scope in scopes],
        created_by=actor,
    )
    return row, key


def find_key(key: str) -> ApiKey | None:
    """The key in force that reads so."""
    shape = SHAPE.fullmatch(key)
    if shape is None:
        return None
    row = ApiKey.objects.in_force().select_related("application").filter(prefix=shape[1]).first()
    return row if row and hmac.compare_digest(_digest(key), row.digest) else None


def note_use(key: ApiKey) -> None:
    """Remember that a key is in use, at most once a minute, if that can be written."""
    now = timezone.now()
    if key.last_used_at and key.last_used_at > now - USE_TOLD_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_TOLD_EVERY)
    with best_effort("key used"):
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


def revoke_key(*, key: ApiKey) -> bool:
    """Let a key work no longer; False where it had stopped before."""
    return bool(ApiKey.objects.in_force().filter(pk=key.pk).update(revoked_at=timezone.now()))


def _digest(key: str) -> str:
    """Keys are 256 random bits, so a plain hash is as good as a slow one."""
    return hashlib.sha256(key.encode()).hexdigest()
