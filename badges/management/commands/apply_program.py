from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.management.commands.simulate_program import lines_of
from badges.models import Application, ProgramVersion
from badges.services.past import apply_to_past, simulate, undo_application
from badges.services.stretches import stretch_of


class Command(BaseCommand):
    help = (
        "Applies the programme in force to what members did before: pays and gives what"
        " simulate_program says, in one transaction that can be taken back as a whole."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--since", default="", help="the first day, like 2026-03-01")
        parser.add_argument("--until", default="", help="the last day")
        parser.add_argument("--rule", action="append", default=[], help="only this rule pays")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do")
        parser.add_argument("--undo", type=int, metavar="ID", help="take an application back")
        parser.add_argument("--reason", default="", help="why it is taken back")

    def handle(self, *, undo: int | None, reason: str, **options: Any) -> None:
        if undo is not None:
            self._undo(undo, reason)
            return
        version = ProgramVersion.objects.published().first()
        if version is None:
            raise CommandError("No programme is published yet.")
        _pk, program = ProgramVersion.objects.current()
        try:
            stretch = stretch_of(
                program, since=options["since"], until=options["until"], rules=options["rule"]
            )
        except ValueError as error:
            raise CommandError(str(error)) from error
        if options["dry_run"]:
            for line in lines_of(simulate(program=program, stretch=stretch)):
                self.stdout.write(line)
            return
        application = apply_to_past(version=version, program=program, stretch=stretch)
        self.stdout.write(f"Application {application.pk}: {application.summary}")

    def _undo(self, pk: int, reason: str) -> None:
        application = Application.objects.filter(pk=pk).first()
        if application is None:
            raise CommandError(f"There is no application {pk}.")
        if not reason:
            raise CommandError("--reason: say why it is taken back")
        if not undo_application(application=application, by=None, reason=reason):
            raise CommandError(f"Application {pk} was taken back before.")
        self.stdout.write(f"Application {pk} is taken back.")
