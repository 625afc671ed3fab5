import time

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.home.demo.gatherings import move_dates
from portal.home.demo.loader import is_loaded, load
from portal.home.demo.people import ACCOUNTS, PASSWORD


class Command(BaseCommand):
    help = "Load the demo community Kıyı; on a loaded site only the dates of coming events move."

    def add_arguments(self, parser):
        parser.add_argument("--members", type=int, default=60, help="grow it to so many (60)")
        parser.add_argument("--seed", type=int, default=1, help="what chance begins with (1)")

    def handle(self, *args, members, seed, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("The demo community never loads in production.")
        if is_loaded():
            self.stdout.write(f"The demo is loaded; {move_dates()} page(s) brought up to date.")
        else:
            start = time.monotonic()
            load(members=members, seed=seed, tell=self.stdout.write)
            call_command("update_index", verbosity=0)
            self.stdout.write("Doing the jobs that this has left ...")
            call_command("run_jobs", once=True, stdout=self.stdout)
            self.stdout.write(f"The demo is loaded ({time.monotonic() - start:.0f} s).")
        self.stdout.write(f"\n  Demo accounts, each with the password {PASSWORD}:")
        for account in ACCOUNTS:
            self.stdout.write(f"    {account.email:<24} {account.role.replace('_', ' ')}")
