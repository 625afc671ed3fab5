from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from portal.notifications import cms
from portal.ui.staff import PermittedItem


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("mails/failed/", cms.failed_list, name="notifications_cms_failed"),
        path("mails/failed/<int:pk>/", cms.failed_resend, name="notifications_cms_resend"),
    ]


@hooks.register("register_reports_menu_item")
def failed_mails_item():
    url = reverse_lazy("notifications_cms_failed")
    return PermittedItem(
        _("Failed mails"), url, permission=cms.PERMISSION, icon_name="mail", order=900
    )
