"""What the portal's own pages in the CMS share: who may see them, their head, their menu items."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.menu import MenuItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class PermittedItem(MenuItem):
    """A menu item for those who hold one permission."""

    def __init__(
        self, label: "StrOrPromise", url: "StrOrPromise", *, permission: str, **kwargs: Any
    ) -> None:
        self.permission = permission
        super().__init__(label, url, **kwargs)

    def is_shown(self, request):
        return request.user.has_perm(self.permission)


def demand(request: HttpRequest, permission: str) -> None:
    """Refuse whoever does not hold the permission."""
    if not request.user.has_perm(permission):
        raise PermissionDenied


def page_head(
    title: "StrOrPromise", icon: str, trail: "Iterable[tuple[str, StrOrPromise]]" = ()
) -> dict:
    """What Wagtail's page head reads; `trail` are (url, label) pairs between home and the page."""
    steps = [(reverse("wagtailadmin_home"), _("Home")), *trail, ("", title)]
    return {
        "header_title": title,
        "page_title": title,
        "header_icon": icon,
        "breadcrumbs_items": [{"url": url, "label": label} for url, label in steps],
    }
