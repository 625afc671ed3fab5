"""The CMS in the brand's clothes, without what its users have no use for."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.models import Page
from wagtail.permissions import policy_registry

OUTWARD = ("whats-new-in-wagtail", "editor-guide")


@hooks.register("insert_global_admin_css")
def admin_stylesheet():
    return format_html('<link rel="stylesheet" href="{}">', static("cms/admin.css"))


@hooks.register("construct_help_menu")
def keep_help_at_home(request, items):
    """Links to the pages of Wagtail's makers help nobody who runs a community."""
    items[:] = [item for item in items if not item.name.startswith(OUTWARD)]


@hooks.register("construct_main_menu")
def show_reports_to_those_who_edit(request, items):
    """Reports are about pages: they are for those who may publish some."""
    pages = policy_registry.get_by_type(Page)
    if not pages.user_has_permission(request.user, "publish"):
        items[:] = [item for item in items if item.name != "reports"]
