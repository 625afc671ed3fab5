from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = _("Programme")

    def ready(self):
        from badges import activities, tasks  # noqa: F401
        from badges.services import personal, reward_data, reward_notices, standing, telling
        from badges.services.awarding import award_for
        from badges.services.credentials.issuing import export_credentials, forget_credentials
        from badges.services.revoking import REVOKED_NOTICE, describe_revoked
        from portal.accounts.registry import (
            register_eraser,
            register_exporter,
            register_program_time_zone,
        )
        from portal.activity.registry import register_consumer, register_verbs
        from portal.activity.triggers import register_append_only
        from portal.notifications.registry import Kind, register_kind

        register_verbs(activities.VERBS)
        register_program_time_zone(standing.program_time_zone)
        register_consumer("badges", award_for, order=10)
        telling.register()
        reward_notices.register()
        reward_data.register()
        register_kind(Kind(REVOKED_NOTICE, telling.CATEGORY, describe_revoked, is_optional=False))
        register_exporter("credentials", export_credentials)
        register_eraser(forget_credentials)
        register_exporter("programme", personal.export_of)
        register_eraser(personal.erase)
        register_append_only("badges_transfer")
        register_append_only("badges_entry")
        register_append_only("badges_redemptionstep")
