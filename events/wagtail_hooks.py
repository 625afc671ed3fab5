from copy import copy
from typing import TYPE_CHECKING

from django.urls import include, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, SubmenuMenuItem
from wagtail.admin.ui.components import Component

from events.models import (
    ChallengeIndexPage,
    Contest,
    ContestIndexPage,
    Entry,
    EventIndexPage,
)
from events.rules import JUDGE, MANAGE
from events.services.links import page_in_language_of
from portal.ui.staff import PermittedItem

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class IndexItem(PermittedItem):
    """The way to the pages below an index page, in the editor's language."""

    def __init__(self, label, model, **kwargs):
        self.model = model
        super().__init__(label, "", permission=MANAGE, **kwargs)

    def is_shown(self, request):
        return super().is_shown(request) and self._page(request) is not None

    def render_component(self, request):
        item = copy(self)
        item.url = reverse("wagtailadmin_explore", args=[self._page(request).pk])
        return super(IndexItem, item).render_component(request)

    def _page(self, request):
        """The index page, looked up once a request; the item itself is shared by all requests."""
        known = request.__dict__.setdefault("take_part_pages", {})
        if self.name not in known:
            known[self.name] = page_in_language_of(self.model)
        return known[self.name]


class WaitingPanel(Component):
    """What waits for those who judge, at the top of the CMS."""

    order = 70
    template_name = "events/cms/waiting.html"

    def get_context_data(self, parent_context):
        now = timezone.now()
        return {
            "waiting": Entry.objects.filter(state=Entry.State.WAITING).count(),
            "due": Contest.objects.due(now).count(),
        }


@hooks.register("register_admin_urls")
def admin_urls():
    return [path("take-part/", include("events.cms_urls"))]


@hooks.register("register_admin_menu_item")
def take_part_item():
    items = [
        IndexItem(_("Events"), EventIndexPage, name="take-part-events", icon_name="date", order=10),
        IndexItem(
            _("Challenges"),
            ChallengeIndexPage,
            name="take-part-challenges",
            icon_name="crosshairs",
            order=20,
        ),
        IndexItem(
            _("Contests"), ContestIndexPage, name="take-part-contests", icon_name="image", order=30
        ),
        _view_item(_("Registrations"), "events_cms_occasions", MANAGE, "calendar-alt", 40),
        _view_item(_("Contest entries"), "events_cms_entries", JUDGE, "tasks", 50),
        _view_item(_("Contest results"), "events_cms_contests", JUDGE, "pick", 60),
    ]
    return SubmenuMenuItem(
        _("Take part"), Menu(items=items), name="take-part", icon_name="date", order=330
    )


def _view_item(
    label: "StrOrPromise", view: str, permission: str, icon: str, order: int
) -> PermittedItem:
    return PermittedItem(
        label,
        reverse(view),
        permission=permission,
        name=view.replace("_", "-"),
        icon_name=icon,
        order=order,
    )


@hooks.register("construct_homepage_panels")
def waiting(request, panels):
    if request.user.has_perm(JUDGE):
        panels.append(WaitingPanel())
