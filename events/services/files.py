from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.http import HttpRequest

from events.models import Entry
from portal.ui.files import Access


def entry_access(name: str, request: HttpRequest) -> Access:
    """A contest picture is for everybody who may see its entry."""
    rows = Entry.objects.filter(Q(picture=name) | Q(thumb=name))
    if rows.visible_to(AnonymousUser()).exists():
        return Access.PUBLIC
    return Access.PRIVATE if rows.visible_to(request.user).exists() else Access.NONE
