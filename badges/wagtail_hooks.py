"""Where the programme shows in the CMS: its addresses, its menu and what needs attention."""

from typing import Any

from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets import Button

from badges.models import Adjustment, ProgramVersion, Redemption
from badges.program.sentences import rule_name
from badges.services.adjusting import PERMISSION as ADJUST
from badges.services.costs import NEARLY_USED, budgets
from badges.services.fulfilling import MANAGE
from badges.services.programs import open_desk
from portal.activity.registry import verb_label
from portal.ui.staff import PermittedItem

PERMISSION = "badges.manage_program"
MOST_LINES = 5
PLACES = [
    ("overview", gettext_lazy("Overview"), "crosshairs"),
    ("rule_list", gettext_lazy("Rules"), "list-ul"),
    ("badge_list", gettext_lazy("Badges"), "success"),
    ("level_list", gettext_lazy("Levels"), "order"),
    ("season_list", gettext_lazy("Seasons"), "calendar-alt"),
    ("currency_list", gettext_lazy("Currencies"), "tag"),
    ("cost_list", gettext_lazy("Costs"), "clipboard-list"),
    ("draft_forecast", gettext_lazy("What would it cost?"), "view"),
    ("past", gettext_lazy("Apply to the past"), "rotate"),
    ("member_explain", gettext_lazy("Why, and why not"), "help"),
    ("award_list", gettext_lazy("Awards"), "user"),
    ("version_list", gettext_lazy("History"), "history"),
    ("trail_list", gettext_lazy("Who did what"), "history"),
]


REWARD_PLACES = [
    ("reward_list", gettext_lazy("Rewards"), "tag"),
    ("redemption_list", gettext_lazy("Redemptions"), "tasks"),
]


class PermittedMenuItem(SubmenuMenuItem):
    """A menu for those who hold one permission."""

    def __init__(self, *args: Any, permission: str, **kwargs: Any):
        self.permission = permission
        super().__init__(*args, **kwargs)

    def is_shown(self, request):
        return request.user.has_perm(self.permission)


@hooks.register("register_admin_urls")
def program_urls():
    return [path("programme/", include("badges.views.program.urls"))]


@hooks.register("register_admin_menu_item")
def program_menu():
    adjustments = PermittedItem(
        gettext_lazy("Adjustments"),
        reverse("programme:adjustment_list"),
        permission=ADJUST,
        name="programme-adjustment_list",
        icon_name="plus-inverse",
        order=len(PLACES),
    )
    return PermittedMenuItem(
        gettext_lazy("Programme"),
        _menu(PLACES, adjustments),
        name="programme",
        icon_name="crosshairs",
        order=250,
        permission=PERMISSION,
    )


@hooks.register("register_admin_menu_item")
def reward_menu():
    return PermittedMenuItem(
        gettext_lazy("Rewards"),
        _menu(REWARD_PLACES),
        name="rewards",
        icon_name="tag",
        order=260,
        permission=MANAGE,
    )


def _menu(places: list[tuple], *more: MenuItem) -> Menu:
    items = [
        MenuItem(
            label,
            reverse(f"programme:{name}"),
            name=f"programme-{name}",
            icon_name=icon,
            order=order,
        )
        for order, (name, label, icon) in enumerate(places)
    ]
    return Menu(items=[*items, *more])


@hooks.register("register_user_listing_buttons")
def adjust_button(user, request_user):
    """The way from the list of members to giving or taking points."""
    if user.pk != request_user.pk and request_user.has_perm(ADJUST):
        url = f"{reverse('programme:adjustment_add')}?member={user.handle}"
        yield Button(_("Give or take points"), url, icon_name="plus-inverse", priority=40)


class ProgramPanel(Component):
    """A draft that waits, and budgets that come to an end."""

    name = "programme"
    heading = gettext_lazy("Programme")
    icon_name = "crosshairs"
    order = 100
    template_name = "badges/cms/home_panel.html"

    def __init__(self, lines: list[dict]):
        self.lines = lines

    def get_context_data(self, parent_context):
        return {
            "panel_id": self.name,
            "heading": self.heading,
            "icon_name": self.icon_name,
            "lines": self.lines,
        }


class RewardPanel(ProgramPanel):
    """Redemptions that wait for somebody of the team."""

    name = "rewards"
    heading = gettext_lazy("Rewards")
    icon_name = "tag"
    order = 90


@hooks.register("construct_homepage_panels")
def reward_panel(request, panels):
    if not request.user.has_perm(MANAGE):
        return
    if waiting := Redemption.objects.waiting().count():
        text = ngettext("%(n)s redemption waits", "%(n)s redemptions wait", waiting)
        url = reverse("programme:redemption_list")
        panels.append(RewardPanel([{"text": text % {"n": waiting}, "url": url}]))


class AdjustmentPanel(ProgramPanel):
    """Adjustments that wait for a second person."""

    name = "adjustments"
    heading = gettext_lazy("Adjustments")
    icon_name = "plus-inverse"
    order = 95


@hooks.register("construct_homepage_panels")
def adjustment_panel(request, panels):
    if not request.user.has_perm(ADJUST):
        return
    others = Adjustment.objects.waiting().exclude(asked_by=request.user)
    if waiting := others.exclude(member=request.user).count():
        text = ngettext(
            "%(n)s adjustment waits for a second person",
            "%(n)s adjustments wait for a second person",
            waiting,
        )
        url = reverse("programme:adjustment_list")
        panels.append(AdjustmentPanel([{"text": text % {"n": waiting}, "url": url}]))


@hooks.register("construct_homepage_panels")
def program_panel(request, panels):
    if not request.user.has_perm(PERMISSION):
        return
    if lines := [*_draft_lines(), *_budget_lines()]:
        panels.append(ProgramPanel(lines))


def _draft_lines() -> list[dict]:
    version = ProgramVersion.objects.published().first()
    desk = open_desk()
    if not desk.is_draft or (version and version.document == desk.document):
        return []
    text = _("A draft of the programme waits to be published")
    return [{"text": text, "url": reverse("programme:overview")}]


def _budget_lines() -> list[dict]:
    _pk, program = ProgramVersion.objects.current()
    full = [line for line in budgets(program) if line.percent >= NEARLY_USED]
    lines = []
    for line in full[:MOST_LINES]:
        name = rule_name(program.rules_by_code[line.rule_code], verb_label)
        text = _("Budget of “%(name)s” at %(percent)s %%")
        url = reverse("programme:rule_edit", args=[line.rule_code])
        lines.append({"text": text % {"name": name, "percent": line.percent}, "url": url})
    more = len(full) - MOST_LINES
    if more > 0:
        text = ngettext("%(n)s more budget", "%(n)s more budgets", more) % {"n": more}
        lines.append({"text": text, "url": reverse("programme:overview")})
    return lines
