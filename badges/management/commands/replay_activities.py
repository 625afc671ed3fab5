from django.core.management.base import BaseCommand, CommandError

from badges.services.rebuilding import rebuild
from badges.services.replaying import replay
from portal.activity.models import Activity

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Judge every activity again, in its order and by the versions then in force, and report"
        " where the ledger says something else. Balances, totals and counters are then written"
        " anew from the ledger; the ledger itself is never changed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")

    def handle(self, *args, dry_run, **options):
        count = 0
        for count, difference in enumerate(replay(), 1):
            if count <= SHOWN:
                self.stderr.write(str(difference))
        judged = Activity.objects.filter(sequence__isnull=False).count()
        self.stdout.write(f"{judged:,} activities judged again.")
        if not dry_run:
            rebuild()
            self.stdout.write("Balances, totals and counters were written anew.")
        if count:
            raise CommandError(f"{count} difference(s) between the log and the ledger")
        self.stdout.write("The ledger is what the log makes of the rules.")
