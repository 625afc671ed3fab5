from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = _("Programme")

    def ready(self):
        from badges import activities, tasks  # noqa: F401
        from badges.services import personal, reward_data, reward_notices, standing, telling
        from badges.services.alarms import ALARM_NOTICE, describe_alarm
        from badges.services.awarding import award_for
        from badges.services.credentials.issuing import export_credentials, forget_credentials
        from badges.services.marks import note_listing
        from badges.services.revoking import REVOKED_NOTICE, describe_revoked
        from portal.accounts import registry
        from portal.activity.registry import register_consumer, register_verbs
        from portal.activity.triggers import register_append_only
        from portal.notifications.registry import Kind, register_kind

        register_verbs(activities.VERBS)
        registry.register_program_time_zone(standing.program_time_zone)
        register_consumer("badges", award_for, order=10)
        telling.register()
        reward_notices.register()
        reward_data.register()
        register_kind(Kind(REVOKED_NOTICE, telling.CATEGORY, describe_revoked, is_optional=False))
        registry.register_exporter("credentials", export_credentials)
        registry.register_eraser(forget_credentials)
        registry.register_follower(note_listing)
        registry.register_exporter("programme", personal.export_of)
        registry.register_eraser(personal.erase)
        register_kind(Kind(ALARM_NOTICE, telling.CATEGORY, describe_alarm, is_optional=False))
        register_append_only("badges_transfer")
        register_append_only("badges_entry")
        register_append_only("badges_redemptionstep")
