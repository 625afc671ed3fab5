from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import ModelLogEntry
from wagtail.users.models import UserProfile

from portal.accounts.handles import sealed
from portal.accounts.models import Consent, ExternalIdentity, FormerHandle, Member
from portal.accounts.registry import erasers, tell_followers

EMPTY: dict[str, Any] = {
    "name": "",
    "email": None,
    "bio": "",
    "city": "",
    "interests": [],
    "hope": "",
    "contact_channel": Member.ContactChannel.PORTAL,
    "contact_hours": Member.ContactHours.ANY,
    "avatar": "",
    "is_listed": False,
    "alias": "",
    "audience": Member.Audience.MEMBERS,
    "shows_about": False,
    "shows_badges": False,
    "shows_contributions": False,
    "is_staff": False,
    "is_superuser": False,
    "is_active": False,
    "last_login": None,
}


@transaction.atomic
def close_account(*, member: Member, leaves_words: bool = False) -> None:
    """Empty everything personal and end every session; what the ledger sums up stays.

    With `leaves_words`, what others may read of the member stays, under no name.
    Raises ValidationError for the last administrator. A second call changes nothing.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    if member.closed_at is not None:
        return
    others = Member.objects.present().filter(is_superuser=True).exclude(pk=member.pk)
    if member.is_superuser and not others.exists():
        raise ValidationError(
            _("You are the last administrator. Please name another one before you leave.")
        )
    picture, storage = member.avatar.name, member.avatar.storage
    _retire_handles(member)
    for name, value in EMPTY.items():
        setattr(member, name, value)
    member.handle = f"gone-{member.pk}"
    member.closed_at = timezone.now()
    member.set_unusable_password()
    member.save()
    _forget_access(member)
    Consent.objects.standing().filter(member=member).update(withdrawn_at=timezone.now())
    _forget_in_logs(member)
    tell_followers(member)
    for erase in erasers(with_public=not leaves_words):
        erase(member)
    if picture:
        transaction.on_commit(lambda: storage.delete(picture), robust=True)


def _retire_handles(member: Member) -> None:
    """Keep of every handle only what keeps others from taking it."""
    former = FormerHandle.objects.filter(member=member)
    handles = [member.handle, *former.values_list("handle", flat=True)]
    former.delete()
    FormerHandle.objects.bulk_create(
        [FormerHandle(member=member, handle=sealed(handle)) for handle in handles]
    )


def _forget_in_logs(member: Member) -> None:
    """The CMS notes whom staff edited, by the name of that day."""
    entries = ModelLogEntry.objects.for_instance(member)
    entries.update(label=member.handle, data={})


def _forget_access(member: Member) -> None:
    member.groups.clear()
    member.user_permissions.clear()
    EmailAddress.objects.filter(user=member).delete()
    Authenticator.objects.filter(user=member).delete()
    UserProfile.objects.filter(user=member).delete()
    ExternalIdentity.objects.filter(member=member).delete()
    for session in UserSession.objects.filter(user=member):
        session.end()
