from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.home.bootstrap import bootstrap_site


class Command(BaseCommand):
    help = "Migrate and bring in languages, page tree, roles, permissions and an empty programme."

    def handle(self, *args, verbosity, **options):
        call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1))
        bootstrap_site()
        self.stdout.write("The portal is set up.")
