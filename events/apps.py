from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EventsConfig(AppConfig):
    name = "events"
    label = "events"
    verbose_name = _("Events")

    def ready(self):
        from events import activities, receivers, tasks  # noqa: F401
        from events.services import links, notices, personal, recounting
        from events.services.challenges import advance_for, ask_challenges
        from portal.accounts.registry import register_eraser, register_exporter
        from portal.activity.registry import (
            PORTAL_ONLY,
            Consumer,
            register_consumer,
            register_object,
            register_verbs,
        )
        from portal.notifications.registry import register_category, register_kind

        register_verbs(activities.VERBS, speakers=PORTAL_ONLY)
        register_object("event", links.event_links)
        register_object("challenge", links.challenge_links)
        register_object("contest", links.contest_links)
        register_object("entry", links.entry_links)
        register_consumer(Consumer("events", 20, advance_for, ask_challenges))
        register_exporter("events", personal.export_of)
        register_eraser(personal.erase_private)
        register_eraser(personal.erase_public, is_public=True)
        recounting.register()
        register_category("events", _("Events, challenges and contests"))
        for kind in notices.kinds():
            register_kind(kind)
        self._register_entries()

    def _register_entries(self):
        from events.services import files
        from events.services.contests import contest_votes
        from portal.activity.registry import register_endorsements
        from portal.ui.files import register_files

        register_endorsements("contests", contest_votes)
        entry = self.get_model("Entry")
        register_files("entries", files.entry_access, (entry, "picture"), (entry, "thumb"))
