"""Roles are groups with permissions; `setup` brings them in."""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

LABELS = {
    "member": _("Member"),
    "moderator": _("Moderator"),
    "editor": _("Editor"),
    "brand_manager": _("Brand manager"),
    "administrator": _("Administrator"),
}


def role_label(name: str) -> str:
    """The name of a role in the language in force; other groups keep the name they were given."""
    return gettext(LABELS[name]) if name in LABELS else name


@transaction.atomic
def ensure_roles(permissions: dict[str, list[str]]) -> None:
    """Make every role's group and give it exactly these permissions (`app.codename`).

    Running it again changes nothing. Roles that `permissions` leaves out exist and have none of
    their own added or taken. Raises LookupError, naming them, for permissions that do not exist.
    """
    for role in settings.ROLES:
        group, _is_new = Group.objects.get_or_create(name=role)
        if role in permissions:
            group.permissions.set(_permissions(permissions[role]))


def _permissions(names: list[str]) -> list[Permission]:
    wanted = {tuple(name.split(".", 1)) for name in names}
    rows = Permission.objects.filter(
        content_type__app_label__in={app for app, _codename in wanted},
        codename__in={codename for _app, codename in wanted},
    ).select_related("content_type")
    found = [row for row in rows if (row.content_type.app_label, row.codename) in wanted]
    missing = wanted - {(row.content_type.app_label, row.codename) for row in found}
    if missing:
        listed = ", ".join(sorted(".".join(pair) for pair in missing))
        raise LookupError(f"no such permission: {listed}")
    return found
