from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "portal.accounts"
    label = "accounts"
    verbose_name = _("Members")

    def ready(self):
        from portal.accounts import activities, receivers, telling
        from portal.accounts.registry import (
            register_eraser,
            register_exporter,
            register_step,
        )
        from portal.accounts.services.exports import export_account, export_activities
        from portal.notifications import personal

        telling.register()
        register_exporter("account", export_account)
        register_exporter("activities", export_activities)
        # The notifications lie below and cannot ask for this themselves.
        register_exporter("notifications", personal.export_of)
        register_eraser(personal.erase)
        register_step(
            "profile",
            _("Complete your profile"),
            "accounts:settings_profile",
            activities.PROFILE_COMPLETED,
            icon="user",
            order=10,
        )
        receivers.connect()
        _register_activities()
        _register_traces()
        _register_pictures()


def _register_activities():
    from portal.accounts import activities
    from portal.accounts.services.links import interest_links, member_links
    from portal.activity.registry import (
        PORTAL_ONLY,
        register_object,
        register_own_work,
        register_verbs,
    )

    register_verbs(activities.VERBS, speakers=PORTAL_ONLY)
    register_own_work(activities.VERBS)
    register_object("member", member_links)
    register_object("interest", interest_links)


def _register_traces():
    from portal.accounts import tasks  # noqa: F401
    from portal.accounts.registry import register_eraser, register_exporter
    from portal.accounts.services.traces import erase_traces, export_traces

    register_exporter("traces", export_traces)
    register_eraser(erase_traces)


def _register_pictures():
    from portal.accounts import pictures
    from portal.accounts.models import Member
    from portal.ui.files import register_files

    register_files("avatars", pictures.access, (Member, "avatar"))
