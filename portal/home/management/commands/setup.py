from django.core.management import call_command
from django.core.management.base import BaseCommand

from community import tasks as community
from community.services.rendering import has_outdated as has_outdated_words
from events import tasks as events
from events.services.rendering import has_outdated as has_outdated_entries
from portal.home.bootstrap import bootstrap_site


class Command(BaseCommand):
    help = "Migrate and bring in languages, page tree, roles, permissions and an empty programme."

    def handle(self, *args, verbosity, **options):
        call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1))
        bootstrap_site()
        self._render_anew()
        self.stdout.write("The portal is set up.")

    def _render_anew(self) -> None:
        """Stored texts of an older renderer stay readable and are made anew in the background."""
        if has_outdated_words():
            community.render_texts.enqueue()
        if has_outdated_entries():
            events.render_texts.enqueue()
