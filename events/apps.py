from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    verbose_name = _("Events")

    def ready(self):
        from events import activities, receivers, tasks  # noqa: F401
        from events.services import links
        from events.services.challenges import advance_for
        from portal.activity.registry import register_consumer, register_object, register_verbs

        register_verbs(activities.VERBS)
        register_object("event", links.event_links)
        register_object("challenge", links.challenge_links)
        register_object("contest", links.contest_links)
        register_object("entry", links.entry_links)
        register_consumer("events", advance_for, order=20)
        self.register_notices()

    def register_notices(self):
        from events.services import notices
        from portal.notifications.registry import Kind, register_category, register_kind

        register_category("events", _("Events, challenges and contests"))
        kinds = {
            "events.registered": (notices.describe_registered, "event_registered", False),
            "events.reminder": (notices.describe_reminder, "event_reminder", True),
            "events.challenge_finished": (notices.describe_challenge_finished, "", True),
            "events.contest_result": (notices.describe_contest_result, "contest_result", True),
            "events.entry_judged": (notices.describe_entry_judged, "", True),
        }
        for code, (describe, email, is_optional) in kinds.items():
            fields = {"attachments": notices.calendar_of} if code == "events.registered" else {}
            register_kind(
                Kind(code, "events", describe, email=email, is_optional=is_optional, **fields)
            )
