from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# Decided once, after they were asked for.
DECIDED_ONCE = ("decided_by_id", "decided_at", "is_approved", "activity_id", "moved")


class BadgesConfig(AppConfig):
    name = "badges"
    verbose_name = _("Programme")

    def ready(self):
        from badges import activities, tasks  # noqa: F401
        from badges.services import pictures, standing, verification
        from badges.services.asking import ask_ahead
        from badges.services.awarding import award_for
        from badges.services.marks import note_listing
        from portal.accounts import registry
        from portal.activity.registry import (
            PORTAL_ONLY,
            Consumer,
            register_consumer,
            register_own_work,
            register_verbs,
        )
        from portal.ui.files import register_public_folder

        register_verbs(activities.VERBS, speakers=PORTAL_ONLY)
        register_own_work(activities.VERBS)
        registry.register_program_time_zone(standing.program_time_zone)
        registry.register_follower(note_listing)
        register_consumer(Consumer("badges", 10, award_for, ask_ahead))
        register_public_folder(pictures.FOLDER)
        _register_notices()
        _register_data()
        _register_append_only()
        verification.register()


def _register_notices():
    from badges.services import adjustment_notices, expiry_notices, reward_notices, telling
    from badges.services.alarms import ALARM_NOTICE, describe_alarm
    from badges.services.revoking import REVOKED_NOTICE, describe_revoked
    from portal.notifications.registry import Kind, register_kind

    telling.register()
    reward_notices.register()
    adjustment_notices.register()
    expiry_notices.register()
    register_kind(Kind(REVOKED_NOTICE, telling.CATEGORY, describe_revoked, is_optional=False))
    register_kind(Kind(ALARM_NOTICE, telling.CATEGORY, describe_alarm, is_optional=False))


def _register_data():
    from badges.services import adjustment_notices, personal, reward_data
    from badges.services.credentials.issuing import export_credentials, forget_credentials
    from badges.services.rings.finding import forget_rings_of, rings_of
    from portal.accounts.registry import register_eraser, register_exporter

    reward_data.register()
    register_exporter("adjustments", adjustment_notices.export_of)
    register_eraser(adjustment_notices.erase)
    register_exporter("credentials", export_credentials)
    register_eraser(forget_credentials)
    register_exporter("rings", rings_of)
    register_eraser(forget_rings_of)
    register_exporter("programme", personal.export_of)
    register_eraser(personal.erase)


def _register_append_only():
    from portal.activity.triggers import register_append_only

    steps = ("badges_redemptionstep", "badges_draftstep", "badges_rewardstep")
    for table in ("badges_transfer", "badges_entry", *steps):
        register_append_only(table)
    register_append_only("badges_adjustment", DECIDED_ONCE)
