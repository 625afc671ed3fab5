"""From where members were seen, so that many accounts of one hand can be told from many members.

Only keyed digests are kept, and only for `KEPT`; nobody is refused anything because of them.
"""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.accounts.models import Member, Trace

KEPT = timedelta(days=30)
# Of these, dots before the @ mean nothing.
DOTLESS = ("gmail.com", "googlemail.com")


def leave_traces(*, member: Member, seen: dict[str, str], at: datetime | None = None) -> None:
    """Keep that the member was seen with these things (kind to text), once each; one statement."""
    moment = at or timezone.now()
    rows = [
        Trace(member=member, kind=kind, digest=digest_of(kind, text), seen_at=moment)
        for kind, text in sorted(seen.items())
        if text
    ]
    Trace.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["member", "kind", "digest"],
        update_fields=["seen_at"],
    )


def digest_of(kind: str, text: str) -> str:
    """A name for a thing, the same each time, from which nobody without the key learns it."""
    salt = f"portal.accounts.traces.{kind}"
    return salted_hmac(salt, text, algorithm="sha256").hexdigest()[:32]


def mailbox_of(email: str) -> str:
    """Where mail to an address ends up: without what follows a plus, and dots that mean nothing."""
    local, _at, domain = email.lower().rpartition("@")
    local = local.partition("+")[0]
    return f"{local.replace('.', '') if domain in DOTLESS else local}@{domain}"


def forget_old_traces(*, now: datetime | None = None) -> int:
    """Delete what was kept for long enough; how many."""
    old = Trace.objects.filter(seen_at__lt=(now or timezone.now()) - KEPT)
    return old.delete()[0]


def export_traces(member: Member) -> list[Any]:
    """What is kept of where the member was seen."""
    return list(member.traces.order_by("pk").values("kind", "digest", "seen_at"))


def erase_traces(member: Member) -> None:
    member.traces.all().delete()
