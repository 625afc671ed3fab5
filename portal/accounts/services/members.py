from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.activities import EMAIL_VERIFIED, MEMBER_JOINED
from portal.accounts.handles import HANDLE_LENGTH, RESERVED_HANDLES, sealed
from portal.accounts.models import FormerHandle, Member
from portal.accounts.registry import tell_followers
from portal.activity.services import record
from portal.ui.security_log import log_event
from portal.ui.text import slugify


def free_handle(wish: str) -> str:
    """Return a handle made from `wish` that nobody holds or held (`-2`, `-3` on collision)."""
    stem = slugify(wish, fallback="member").replace("_", "-")[: HANDLE_LENGTH - 5].strip("-")
    stem = stem if len(stem) >= 2 and not stem.startswith("gone-") else f"member-{stem}".strip("-")
    number = 1 if stem not in RESERVED_HANDLES else 2
    while True:
        handle = stem if number == 1 else f"{stem}-{number}"
        if is_free(handle):
            return handle
        number += 1


def is_free(handle: str, *, member: Member | None = None) -> bool:
    """Whether nobody but `member` holds or held `handle`; who holds it is asked first."""
    own = member.pk if member else 0
    if Member.objects.filter(handle=handle).exclude(pk=own).exists():
        return False
    former = FormerHandle.objects.filter(handle__in=[handle, sealed(handle)])
    return not former.exclude(member_id=own).exists()


def member_by_handle(handle: str) -> Member | None:
    """Who holds `handle`, or held it before another; compare `.handle` and redirect."""
    member = Member.objects.filter(handle=handle).first()
    if member is None:
        former = FormerHandle.objects.select_related("member").filter(handle=handle).first()
        member = former.member if former else None
    return member


def create_member(
    *,
    name: str,
    email: str | None = None,
    password: str | None = None,
    handle: str = "",
    at: datetime | None = None,
    **fields: Any,
) -> Member:
    """Make a member and record that they joined.

    Arguments: `email` is folded and unique; without `password` nobody can log in with one;
    `handle` is made from the name when empty; `at` gives the member a past; `fields` are the
    model's own. Raises IntegrityError when the e-mail address is taken.
    """
    for _try in range(5):
        try:
            return _insert_member(name, email, password, handle, at, fields)
        except IntegrityError:
            # Somebody took the handle between the look and the insert; a wished one may not move.
            if handle or (email and Member.objects.filter(email=email.lower()).exists()):
                raise
    raise IntegrityError(f"no free handle for {name!r}")


@transaction.atomic
def _insert_member(
    name: str,
    email: str | None,
    password: str | None,
    handle: str,
    at: datetime | None,
    fields: Any,
) -> Member:
    member = Member(
        name=name.strip(),
        email=email.lower() if email else None,
        handle=handle or free_handle(name),
        date_joined=at or timezone.now(),
        **fields,
    )
    member.set_password(password)
    member.save(force_insert=True)
    record(
        member=member,
        verb=MEMBER_JOINED,
        object=f"member:{member.pk}",
        occurred_at=member.date_joined,
    )
    return member


def set_role(*, member: Member, role: str) -> None:
    """Give `member` exactly one role (a group); `administrator` is also Django's superuser."""
    if role not in settings.ROLES:
        raise ValueError(f"unknown role {role!r}")
    set_groups(member=member, groups=[] if role == "member" else [Group.objects.get(name=role)])


@transaction.atomic
def set_groups(*, member: Member, groups: Iterable[Group]) -> None:
    """Put `member` into exactly these groups; the flags follow them."""
    names = {group.name for group in groups}
    member.groups.set(groups)
    member.is_staff = bool(names - {"member"})
    member.is_superuser = "administrator" in names
    member.save(update_fields=["is_staff", "is_superuser"])
    log_event("roles_changed", member=member.pk, roles=sorted(names))


def confirm_email(*, member: Member) -> None:
    """Record that one of the member's addresses is proven, once."""
    record(member=member, verb=EMAIL_VERIFIED, object=f"member:{member.pk}")


def save_welcome(*, member: Member, hope: str, contact_channel: str, contact_hours: str) -> None:
    """Keep what a new member hopes for and how and when they may be reached."""
    member.hope = hope
    member.contact_channel = contact_channel
    member.contact_hours = contact_hours
    member.save(update_fields=["hope", "contact_channel", "contact_hours"])


PRIVACY_FIELDS = [
    "is_listed",
    "alias",
    "is_playing",
    "audience",
    "shows_about",
    "shows_badges",
    "shows_contributions",
]


@transaction.atomic
def save_privacy(*, member: Member, **fields: Any) -> None:
    """Keep what others may see and whether the game shows. `fields` are PRIVACY_FIELDS."""
    for name in fields:
        if name not in PRIVACY_FIELDS:
            raise TypeError(f"save_privacy() saves no {name!r}")
        setattr(member, name, fields[name])
    member.save(update_fields=list(fields))
    if "is_listed" in fields:
        tell_followers(member)
