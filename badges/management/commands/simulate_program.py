from argparse import ArgumentParser
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from badges.program.loading import check, parse_yaml
from badges.program.problems import ProgramError
from badges.program.schema import Program
from badges.services.past import Report, simulate
from badges.services.programs import open_desk
from badges.services.stretches import stretch_of
from portal.activity.registry import is_known_verb


class Command(BaseCommand):
    help = (
        "Says what a programme would have paid and given for what members did; writes nothing."
        " Without a file it is the draft of the CMS, or what is in force where there is none."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path)
        parser.add_argument("--since", default="", help="the first day, like 2026-03-01")
        parser.add_argument("--until", default="", help="the last day")
        parser.add_argument("--rule", action="append", default=[], help="only this rule pays")

    def handle(
        self, *, file: Path | None, since: str, until: str, rule: list[str], **options: Any
    ) -> None:
        program = self._program(file)
        try:
            stretch = stretch_of(program, since=since, until=until, rules=rule)
        except ValueError as error:
            raise CommandError(str(error)) from error
        for line in lines_of(simulate(program=program, stretch=stretch)):
            self.stdout.write(line)

    def _program(self, file: Path | None) -> Program:
        if file is None:
            return open_desk().program
        try:
            document = parse_yaml(file.read_text(encoding="utf-8-sig"))
            return check(document, is_known_verb=is_known_verb)
        except ProgramError as error:
            lines = (f"{file}: {place}: {message}" for place, message in error.problems)
            raise CommandError("\n".join(lines)) from error
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error


def lines_of(report: Report) -> list[str]:
    """A report as lines of text: by rule, then what it comes to."""
    lines = [f"{report.facts} facts judged"]
    paid: dict[str, list[str]] = defaultdict(list)
    for (code, currency), amount in sorted(report.by_rule.items()):
        paid[code].append(f"{amount} {currency}")
    for code, sums_of_rule in paid.items():
        lines.append(f"  {code}: {', '.join(sums_of_rule)}; paid {report.times[code]} times")
    for (code, reason), times in sorted(report.refused.items()):
        lines.append(f"  {code}: refused {times} times ({reason})")
    for code, moment in sorted(report.budget_ends.items()):
        lines.append(f"  {code}: its budget ends on {moment:%Y-%m-%d}")
    sums = ", ".join(f"{amount} {currency}" for currency, amount in sorted(report.amounts.items()))
    lines.append(f"{sums or 'nothing'}; members reached: {len(report.members)}")
    lines.append(f"{len(report.badges)} badges, {len(report.levels)} new levels")
    return lines
