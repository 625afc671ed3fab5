from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from portal.accounts.services.intake import Intake, Problem, is_source
from portal.accounts.services.lines import Line, LineError, parse_json, read_line
from portal.activity.registry import Speaker

SHOWN = 50
STEP = 5_000


class Command(BaseCommand):
    help = (
        "Brings in activities from outside (JSON Lines) and judges them; a second run changes"
        " nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="the short name of where they are from")
        parser.add_argument(
            "--create-members", action="store_true", help="make the members that are not known"
        )
        parser.add_argument(
            "--keep-going", action="store_true", help="report bad lines and leave them out"
        )
        parser.add_argument("--dry-run", action="store_true", help="check all, write nothing")

    def handle(
        self, *, file: Path, source: str, keep_going: bool, dry_run: bool, **options: Any
    ) -> None:
        if not is_source(source):
            raise CommandError("--source: a name of 1 to 40 characters, other than portal")
        speaker = Speaker(source, is_command=True)
        intake = Intake(source, speaker=speaker, may_create=options["create_members"])
        lines, problems = self._read(file)
        self.stderr.write(f"Read {len(lines) + len(problems)} lines; checking ...")
        problems += intake.problems_of(lines)
        bad = self._report(file, problems)
        if bad and not keep_going:
            self.stdout.write(f"0 recorded, 0 repeated, {len(bad)} refused")
            raise CommandError("Nothing was written; --keep-going leaves the bad lines out.")
        good = [line for line in lines if line.place not in bad]
        if dry_run:
            self.stdout.write(f"Nothing was written: {len(good)} good, {len(bad)} bad lines.")
            return
        done = intake.take_in(good, tell=lambda count: self._tell(count, len(good)))
        self.stdout.write(f"{done.recorded} recorded, {done.repeated} repeated, {len(bad)} refused")

    def _read(self, file: Path) -> tuple[list[Line], list[Problem]]:
        lines: list[Line] = []
        problems: list[Problem] = []
        try:
            with file.open("rb") as stream:
                for place, raw in enumerate(stream, 1):
                    try:
                        lines.extend(_parsed(raw, place))
                    except LineError as error:
                        problems.append(Problem(place, error.field, error.message))
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        return lines, problems

    def _report(self, file: Path, problems: list[Problem]) -> set[int]:
        """Print the first problems; return the places of all."""
        for problem in sorted(problems)[:SHOWN]:
            self.stderr.write(f"{file}:{problem.place}: {problem.field}: {problem.message}")
        if len(problems) > SHOWN:
            self.stderr.write(f"... and {len(problems) - SHOWN} more")
        return {problem.place for problem in problems}

    def _tell(self, count: int, total: int) -> None:
        if count % STEP == 0 or count >= total:
            self.stderr.write(f"  {min(count, total)} of {total}")


def _parsed(raw: bytes, place: int) -> Iterator[Line]:
    """The line's activity; none for an empty line."""
    try:
        text = raw.decode("utf-8-sig" if place == 1 else "utf-8").strip()
        if text:
            yield read_line(parse_json(text), place)
    except UnicodeDecodeError:
        raise LineError("line", _("is not UTF-8")) from None
