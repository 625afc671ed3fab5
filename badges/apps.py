from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = _("Programme")

    def ready(self):
        from badges import activities
        from badges.services import telling
        from badges.services.awarding import award_for
        from badges.services.revoking import REVOKED_NOTICE, describe_revoked
        from portal.activity.registry import register_consumer, register_verbs
        from portal.activity.triggers import register_append_only
        from portal.notifications.registry import Kind, register_kind

        register_verbs(activities.VERBS)
        register_consumer("badges", award_for, order=10)
        telling.register()
        register_kind(Kind(REVOKED_NOTICE, telling.CATEGORY, describe_revoked, is_optional=False))
        register_append_only("badges_transfer")
        register_append_only("badges_entry")
