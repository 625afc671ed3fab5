from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.accounts.activities import INTEREST_CHOSEN, PROFILE_COMPLETED
from portal.accounts.models import FormerHandle, Interest, Member
from portal.accounts.pictures import square_picture
from portal.accounts.services.members import is_free
from portal.activity.services import CHANGES_A_DAY, record, too_often_text

PROFILE_FIELDS = ["name", "bio", "city", "language", "time_zone"]


@dataclass(frozen=True)
class ProfileField:
    """A line of the completeness meter; `verb` is the activity that filling it brings about."""

    code: str
    label: str
    is_done: bool
    verb: str


@dataclass(frozen=True)
class Completeness:
    """How much of a profile is filled in."""

    fields: list[ProfileField]

    @property
    def done(self) -> int:
        return sum(field.is_done for field in self.fields)

    @property
    def percent(self) -> int:
        return 100 * self.done // len(self.fields)

    @property
    def is_complete(self) -> bool:
        return self.done == len(self.fields)


LABELS = {
    "name": gettext_lazy("Your name"),
    "interests": gettext_lazy("What interests you"),
    "bio": gettext_lazy("A few words about you"),
    "city": gettext_lazy("Your city"),
}


def completeness(member: Member) -> Completeness:
    """What of the profile is done. A picture is welcome and not asked for, nor are interests
    where none are offered."""
    verbs = {"name": "", "interests": INTEREST_CHOSEN}
    asked = dict(LABELS)
    if not member.interests and not Interest.objects.filter(is_offered=True).exists():
        del asked["interests"]
    return Completeness(
        [
            ProfileField(
                code, str(label), bool(getattr(member, code)), verbs.get(code, PROFILE_COMPLETED)
            )
            for code, label in asked.items()
        ]
    )


@transaction.atomic
def save_profile(
    *, member: Member, handle: str, interests: list[str], at: datetime | None = None, **fields: Any
) -> Member:
    """Save what a member says about themselves, and record what that completes, once.

    Arguments: `at` gives it a past; `fields` are any of PROFILE_FIELDS; unknown codes among
    `interests` are dropped unless the member chose them before they were withdrawn.
    Raises ValidationError when the handle is or was somebody else's.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    if handle != member.handle:
        _refuse_collecting(member)
        change_handle(member=member, handle=handle)
    for name, value in fields.items():
        if name not in PROFILE_FIELDS:
            raise TypeError(f"save_profile() saves no {name!r}")
        setattr(member, name, value)
    member.interests = _known_interests(member, interests)
    member.save(update_fields=[*fields, "interests"])
    for code in member.interests:
        record(member=member, verb=INTEREST_CHOSEN, object=f"interest:{code}", occurred_at=at)
    if completeness(member).is_complete:
        thing = f"member:{member.pk}"
        record(member=member, verb=PROFILE_COMPLETED, object=thing, occurred_at=at)
    return member


@transaction.atomic
def _refuse_collecting(member: Member) -> None:
    """Each former handle stays the member's for good; counted under the lock of their row."""
    since = timezone.now() - timedelta(days=1)
    if member.former_handles.filter(left_at__gt=since).count() >= CHANGES_A_DAY:
        raise ValidationError(too_often_text())


def change_handle(*, member: Member, handle: str) -> None:
    """Give a member another handle; the former one stays theirs and leads to them."""
    if not is_free(handle, member=member):
        raise _taken()
    former, member.handle = member.handle, handle
    try:
        with transaction.atomic():
            FormerHandle.objects.filter(member=member, handle=handle).delete()
            FormerHandle.objects.create(member=member, handle=former)
            member.save(update_fields=["handle"])
    except IntegrityError as error:
        member.handle = former
        raise _taken() from error


def set_picture(*, member: Member, upload: UploadedFile) -> None:
    """Keep the upload as the member's picture, re-encoded; the former file goes."""
    _replace_picture(member, square_picture(upload))


def remove_picture(*, member: Member) -> None:
    _replace_picture(member, None)


@transaction.atomic
def _replace_picture(member: Member, picture: ContentFile | None) -> None:
    former = member.avatar.name
    if picture is None:
        member.avatar = ""
    else:
        member.avatar.save(picture.name or "picture", picture, save=False)
    member.save(update_fields=["avatar"])
    if former:
        storage = member.avatar.storage
        transaction.on_commit(lambda: storage.delete(former), robust=True)


def _known_interests(member: Member, wanted: list[str]) -> list[str]:
    offered = set(Interest.objects.filter(is_offered=True).values_list("code", flat=True))
    return [code for code in dict.fromkeys(wanted) if code in offered | set(member.interests)]


def _taken() -> ValidationError:
    return ValidationError(_("This name is taken. Please choose another."), code="taken")
