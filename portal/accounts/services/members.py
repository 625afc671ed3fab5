from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.accounts.activities import MEMBER_JOINED
from portal.accounts.handles import HANDLE_LENGTH, RESERVED_HANDLES
from portal.accounts.models import FormerHandle, Member
from portal.activity.services import record
from portal.ui.text import slugify


def free_handle(wish: str) -> str:
    """Return a handle made from `wish` that nobody holds or held (`-2`, `-3` on collision)."""
    stem = slugify(wish, fallback="member").replace("_", "-")[: HANDLE_LENGTH - 5].strip("-")
    stem = stem if len(stem) >= 2 and not stem.startswith("gone-") else f"member-{stem}".strip("-")
    number = 1 if stem not in RESERVED_HANDLES else 2
    while True:
        handle = stem if number == 1 else f"{stem}-{number}"
        held = Member.objects.filter(handle=handle).exists()
        if not held and not FormerHandle.objects.filter(handle=handle).exists():
            return handle
        number += 1


def create_member(
    *,
    name: str,
    email: str | None = None,
    password: str | None = None,
    handle: str = "",
    at: datetime | None = None,
    **fields,
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
def _insert_member(name, email, password, handle, at, fields) -> Member:
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
    groups = [] if role == "member" else [Group.objects.get(name=role)]
    member.groups.set(groups)
    member.is_staff = role != "member"
    member.is_superuser = role == "administrator"
    member.save(update_fields=["is_staff", "is_superuser"])
