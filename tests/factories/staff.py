"""People with permissions of the CMS."""

from django.contrib.auth.models import Permission

from tests.factories.members import MemberFactory


def staff_with(*permissions):
    """A member of staff who may do exactly what is named (`app.codename`) and enter the CMS."""
    member = MemberFactory(is_staff=True)
    for name in ("wagtailadmin.access_admin", *permissions):
        app, codename = name.split(".")
        found = Permission.objects.get(content_type__app_label=app, codename=codename)
        member.user_permissions.add(found)
    return member
