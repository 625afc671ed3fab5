from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ActivityConfig(AppConfig):
    name = "portal.activity"
    label = "activity"
    verbose_name = _("Activity log")

    def ready(self) -> None:
        from portal.activity import checks, tasks  # noqa: F401
        from portal.activity.numbering import activities_are_numbered
        from portal.activity.recounts import register_recount
        from portal.activity.triggers import register_append_only

        register_recount(activities_are_numbered, "activity.ActivityStream.last_sequence")
        register_append_only("activity_activity", set_once=("sequence", "dispatched_at"))
