"""When a member opened a page, told by the server and carried by the page, signed."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core import signing
from django.utils import timezone

SALT = "knowledgebase.visits"
MAX_AGE = timedelta(days=1)


def sign_visit(*, member: Any, page: Any, at: datetime | None = None) -> str:
    """A token that says: this member opened this page now."""
    moment = (at or timezone.now()).timestamp()
    return signing.dumps([member.pk, page.object_key, moment], salt=SALT, compress=False)


def read_visit(token: str, *, member: Any, page: Any) -> datetime | None:
    """When the member opened the page; None for a token that is forged, foreign or too old."""
    try:
        whose, which, moment = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if [whose, which] != [member.pk, page.object_key]:
        return None
    opened_at = datetime.fromtimestamp(moment, tz=UTC)
    return opened_at if timezone.now() - opened_at <= MAX_AGE else None
