from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Members")

    def ready(self):
        from portal.accounts import activities
        from portal.activity.registry import register_verbs

        register_verbs(activities.VERBS)
