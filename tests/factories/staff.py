"""Members with a permission, without the roles that `setup` brings."""

from django.contrib.auth.models import Permission

from tests.factories.members import MemberFactory


def member_with(*permissions, **fields):
    """A member who holds permissions such as `community.moderate_idea` directly."""
    member = MemberFactory(**fields)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        member.user_permissions.add(found)
    return type(member).objects.get(pk=member.pk)


def moderator(**fields):
    return member_with("community.moderate_idea", "wagtailadmin.access_admin", **fields)


def manager(**fields):
    return member_with("community.answer_idea", "wagtailadmin.access_admin", **fields)
