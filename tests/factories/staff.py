"""People with permissions, without the roles that `setup` brings."""

from django.contrib.auth.models import Permission

from tests.factories.members import MemberFactory

CMS = "wagtailadmin.access_admin"


def member_with(*permissions, **fields):
    """A member who holds permissions such as `community.moderate_idea` directly."""
    member = MemberFactory(**fields)
    for name in permissions:
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        member.user_permissions.add(found)
    return type(member).objects.get(pk=member.pk)


def staff_with(*permissions):
    """A member of staff who may do exactly what is named (`app.codename`) and enter the CMS."""
    return member_with(CMS, *permissions, is_staff=True)


def moderator(**fields):
    return member_with("community.moderate_idea", CMS, **fields)


def manager(**fields):
    return member_with("community.answer_idea", CMS, **fields)
