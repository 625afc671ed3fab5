"""What the portal's own pages in the CMS share: who may see them, their head, their menu items."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import permission_required
from wagtail.admin.menu import MenuItem

from portal.ui.routes import asks

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

View = Callable[..., HttpResponse]


class PermittedItem(MenuItem):
    """A menu item for those who hold one permission."""

    def __init__(
        self, label: "StrOrPromise", url: "StrOrPromise", *, permission: str, **kwargs: Any
    ) -> None:
        self.permission = permission
        super().__init__(label, url, **kwargs)

    def is_shown(self, request):
        return request.user.has_perm(self.permission)


def permitted(permission: str) -> Callable[[View], View]:
    """Let in whoever holds the permission; the table of routes names it."""

    def decorate(view: View) -> View:
        return asks(permission)(permission_required(permission)(view))

    return decorate


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
