"""Where the programme shows in the CMS: its addresses, its menu and what needs attention."""

from django.urls import include, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.admin.ui.components import Component

from badges.models import ProgramVersion
from badges.program.sentences import rule_name
from badges.services.costs import NEARLY_USED, budgets
from badges.services.programs import open_desk
from portal.activity.registry import verb_label

PERMISSION = "badges.manage_program"
MOST_LINES = 5
PLACES = [
    ("overview", gettext_lazy("Overview"), "crosshairs"),
    ("rule_list", gettext_lazy("Rules"), "list-ul"),
    ("badge_list", gettext_lazy("Badges"), "success"),
    ("level_list", gettext_lazy("Levels"), "order"),
    ("season_list", gettext_lazy("Seasons"), "calendar-alt"),
    ("award_list", gettext_lazy("Awards"), "user"),
    ("version_list", gettext_lazy("History"), "history"),
]


class ProgramMenuItem(SubmenuMenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


@hooks.register("register_admin_urls")
def program_urls():
    return [path("programme/", include("badges.views.program.urls"))]


@hooks.register("register_admin_menu_item")
def program_menu():
    items = [
        MenuItem(
            label,
            reverse(f"programme:{name}"),
            name=f"programme-{name}",
            icon_name=icon,
            order=order,
        )
        for order, (name, label, icon) in enumerate(PLACES)
    ]
    return ProgramMenuItem(
        gettext_lazy("Programme"),
        Menu(items=items),
        name="programme",
        icon_name="crosshairs",
        order=250,
    )


class ProgramPanel(Component):
    """A draft that waits, and budgets that come to an end."""

    name = "programme"
    order = 100
    template_name = "badges/cms/home_panel.html"

    def __init__(self, lines: list[dict]):
        self.lines = lines

    def get_context_data(self, parent_context):
        return {
            "panel_id": self.name,
            "heading": _("Programme"),
            "icon_name": "crosshairs",
            "lines": self.lines,
        }


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
