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
        about_events = {
            "prepare": notices.prepare_events,
            "attachments": notices.calendar_attachment,
        }
        about_contests = {"prepare": notices.prepare_contests, "email": "notice"}
        kinds = [
            Kind(
                "events.registered",
                "events",
                notices.describe_registered,
                email="event_registered",
                is_optional=False,
                **about_events,
            ),
            Kind(
                "events.reminder",
                "events",
                notices.describe_reminder,
                email="event_reminder",
                **about_events,
            ),
            Kind(
                "events.challenge_finished",
                "events",
                notices.describe_challenge_finished,
                prepare=notices.prepare_challenges,
            ),
            Kind(
                "events.contest_result",
                "events",
                notices.describe_contest_result,
                **about_contests,
            ),
            Kind("events.entry_judged", "events", notices.describe_entry_judged, **about_contests),
        ]
        for kind in kinds:
            register_kind(kind)
