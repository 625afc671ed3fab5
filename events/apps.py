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
        from portal.notifications.registry import register_category, register_kind

        register_category("events", _("Events, challenges and contests"))
        for kind in [*self._event_kinds(), *self._game_kinds()]:
            register_kind(kind)

    def _event_kinds(self):
        from events.services import notices
        from portal.notifications.registry import Kind

        shared = {
            "category": "events",
            "prepare": notices.prepare_events,
            "attachments": notices.calendar_attachment,
        }
        yield Kind(
            "events.registered",
            describe=notices.describe_registered,
            email="event_registered",
            is_optional=False,
            **shared,
        )
        yield Kind(
            "events.reminder", describe=notices.describe_reminder, email="event_reminder", **shared
        )

    def _game_kinds(self):
        from events.services import notices
        from portal.notifications.registry import Kind

        yield Kind(
            "events.challenge_finished",
            "events",
            notices.describe_challenge_finished,
            prepare=notices.prepare_challenges,
        )
        shared = {"category": "events", "prepare": notices.prepare_contests, "email": "notice"}
        for code, describe in [
            ("events.contest_result", notices.describe_contest_result),
            ("events.entry_judged", notices.describe_entry_judged),
        ]:
            yield Kind(code, describe=describe, **shared)
