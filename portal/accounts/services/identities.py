"""Members as other systems name them: by the system's own id, an e-mail address or a handle."""

from collections.abc import Collection

from django.contrib.auth.hashers import make_password

from portal.accounts.models import ExternalIdentity, Member
from portal.accounts.registry import program_time_zone
from portal.accounts.services.members import free_handle

CHUNK = 500


def members_named(names: Collection[str], *, source: str) -> dict[str, Member]:
    """The members that `source` calls by these names, found or left out.

    A name is looked up as the source's own id, then (with an `@`) as an e-mail address, then as a
    handle.
    """
    wanted = sorted(set(names))
    found: dict[str, Member] = {}
    for start in range(0, len(wanted), CHUNK):
        found |= _members_named(wanted[start : start + CHUNK], source)
    return found


def create_members(names: Collection[str], *, source: str) -> dict[str, Member]:
    """Make a member for each name of `source`, without address and password.

    They have not joined the portal, so nothing is recorded of them; the handle is a slug of the
    name there.
    """
    zone = program_time_zone()
    made = {}
    for name in sorted(set(names)):
        made[name] = Member.objects.create(
            handle=free_handle(name),
            name=name[:80],
            time_zone=zone,
            password=make_password(None),
        )
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(source=source, external_id=name, member=member)
        for name, member in made.items()
    )
    return made


def external_ids(source: str) -> list[tuple[str, int]]:
    """The ids by which `source` knows members with open accounts, each with the member's pk."""
    rows = ExternalIdentity.objects.filter(source=source, member__closed_at=None)
    return list(rows.values_list("external_id", "member_id"))


def _members_named(names: list[str], source: str) -> dict[str, Member]:
    rows = ExternalIdentity.objects.filter(source=source, external_id__in=names)
    found = {row.external_id: row.member for row in rows.select_related("member")}
    addresses = {name: name.lower() for name in names if "@" in name and name not in found}
    by_email = Member.objects.present().filter(email__in=addresses.values())
    holders = {member.email: member for member in by_email}
    found |= {name: holders[email] for name, email in addresses.items() if email in holders}
    rest = [name for name in names if name not in found]
    for member in Member.objects.present().filter(handle__in=rest):
        found[member.handle] = member
    return found
