from collections.abc import Iterable

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Member
from portal.accounts.registry import tell_followers
from portal.accounts.services.members import create_member, set_groups
from portal.accounts.services.profiles import change_handle


@transaction.atomic
def add_member(
    *,
    actor: Member,
    name: str,
    email: str,
    handle: str = "",
    password: str = "",
    groups: Iterable[Group] = (),
) -> Member:
    """Make an account for somebody; only an administrator may give roles with it."""
    _may_give_roles(actor, groups)
    member = create_member(name=name, email=email, handle=handle, password=password or None)
    EmailAddress.objects.create(user=member, email=member.email, primary=True, verified=False)
    set_groups(member=member, groups=groups)
    return member


@transaction.atomic
def change_member(
    *,
    actor: Member,
    member: Member,
    name: str,
    email: str,
    handle: str,
    is_active: bool | None = None,
    groups: Iterable[Group] | None = None,
) -> Member:
    """Change what staff may change of a member; None leaves a part as it is.

    Raises PermissionDenied when somebody who is no administrator touches one, or roles, and
    ValidationError when nobody would be left who can administer.
    """
    if member.is_superuser and not actor.is_superuser:
        raise PermissionDenied
    if groups is not None:
        _may_give_roles(actor, groups)
    if handle != member.handle:
        change_handle(member=member, handle=handle)
    _move_address(member, email)
    member.name = name
    member.email = email or None
    if is_active is not None:
        member.is_active = is_active
    member.save(update_fields=["name", "email", "is_active"])
    tell_followers(member)
    if groups is not None:
        set_groups(member=member, groups=groups)
    if not Member.objects.present().filter(is_superuser=True).exists() and actor.is_superuser:
        raise ValidationError(_("Somebody must remain an administrator."))
    return member


def _may_give_roles(actor: Member, groups: Iterable[Group]) -> None:
    if list(groups) and not actor.is_superuser:
        raise PermissionDenied


def _move_address(member: Member, email: str) -> None:
    """A changed address has to be proven anew."""
    if email == (member.email or ""):
        return
    EmailAddress.objects.filter(user=member).delete()
    if email:
        EmailAddress.objects.create(user=member, email=email, primary=True, verified=False)
