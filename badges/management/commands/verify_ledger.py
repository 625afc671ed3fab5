from django.core.management.base import BaseCommand, CommandError

from badges.services.verification import figures, verify


class Command(BaseCommand):
    help = "Recount the ledger, check invariants I1 to I6 and that the triggers stand."

    def handle(self, *args, **options):
        for name, number in figures().items():
            self.stdout.write(f"{name:>10}  {number:,}")
        problems = verify()
        for problem in problems[:20]:
            self.stderr.write(f"{problem.invariant}: {problem.message}")
        if problems:
            raise CommandError(f"{len(problems)} difference(s): the ledger does not add up")
        self.stdout.write("The ledger adds up.")
