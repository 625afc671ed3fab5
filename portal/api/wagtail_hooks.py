from django.urls import path, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from portal.api.views import cms


class KeysItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(cms.PERMISSION)


@hooks.register("register_admin_urls")
def admin_urls():
    return [
        path("api-keys/", cms.key_list, name="api_key_list"),
        path("api-keys/new/", cms.key_create, name="api_key_create"),
        path("api-keys/<int:pk>/revoke/", cms.key_revoke, name="api_key_revoke"),
    ]


@hooks.register("register_settings_menu_item")
def keys_item():
    return KeysItem(_("API keys"), reverse_lazy("api_key_list"), icon_name="key", order=900)
