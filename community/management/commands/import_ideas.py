import codecs
import csv
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from community.services.imports import ImportReport, import_rows
from community.services.rows import FIELDS, RowError

LONGEST_CELL = 1_000_000
SHOWN = 20


class Command(BaseCommand):
    help = "Brings in ideas from another forum's CSV; a second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="the forum's short name")
        parser.add_argument("--delimiter", default=",", help="one character, or tab")
        parser.add_argument("--encoding", default="utf-8-sig", help="UTF-8 unless given")
        parser.add_argument(
            "--map",
            nargs="+",
            default=[],
            metavar="field=column",
            help=f"which column holds which of: {' '.join(FIELDS)}",
        )
        parser.add_argument("--dry-run", action="store_true", help="read all, write nothing")

    def handle(self, **options: Any) -> None:
        source = options["source"].strip()
        if not source or len(source) > 40:
            raise CommandError("--source: a name of 1 to 40 characters")
        try:
            with self._open(options["file"], options["encoding"]) as stream:
                report = import_rows(
                    self._rows(stream, options),
                    source=source,
                    zone=ZoneInfo(settings.PROGRAM_TIMEZONE),
                    is_dry_run=options["dry_run"],
                    tell=self._progress,
                )
        except UnicodeError as error:
            raise CommandError(f"{options['file']}: not {options['encoding']}: {error}") from error
        self._close(report, options["file"], is_dry_run=options["dry_run"])

    def _open(self, path: Path, encoding: str) -> TextIO:
        try:
            encoding = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
            return path.open(encoding=encoding, errors="surrogateescape", newline="")
        except LookupError as error:
            raise CommandError(f"--encoding: {encoding!r} is not an encoding") from error
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error

    def _rows(self, stream: TextIO, options: Any) -> Iterator[tuple[int, dict | RowError]]:
        """Line numbers with rows under our field names, or with what was wrong with them."""
        csv.field_size_limit(LONGEST_CELL)
        reader = csv.reader(stream, delimiter=delimiter_of(options["delimiter"]))
        header = [name.strip() for name in next(reader, [])]
        places = places_of(options["map"], header, options["file"])
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, RowError(str(error))
                continue
            if not any(cells):
                continue
            if len(cells) != len(header):
                yield line, RowError(f"has {len(cells)} columns, the header has {len(header)}")
                continue
            yield line, {name: cells[place] for name, place in places.items()}

    def _progress(self, report: ImportReport) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{report.readable + report.refused_count} rows", ending="")

    def _close(self, report: ImportReport, path: Path, *, is_dry_run: bool) -> None:
        if sys.stderr.isatty():
            self.stderr.write("")
        for line, reason in report.refused[:SHOWN]:
            self.stderr.write(f"{path}, line {line}: {reason}")
        if report.refused_count > SHOWN:
            self.stderr.write(f"… and {report.refused_count - SHOWN} more")
        if not report.readable:
            raise CommandError(f"{path}: no row could be read; see --delimiter, --encoding, --map")
        done = "would be added" if is_dry_run else "added"
        counts = f"{report.added} {done}, {report.known} known"
        self.stdout.write(f"{counts}, {report.refused_count} refused")


def delimiter_of(text: str) -> str:
    delimiter = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(delimiter) != 1 or delimiter in '"\r\n':
        raise CommandError(f"--delimiter: {text!r} is not one character")
    return delimiter


def places_of(pairs: list[str], header: list[str], path: Path) -> dict[str, int]:
    """Where each field stands: as mapped, or under its own name."""
    columns = {name: name for name in FIELDS if name in header}
    for pair in pairs:
        name, _, column = pair.partition("=")
        if name not in FIELDS:
            raise CommandError(f"--map {pair}: no field {name!r}, only {', '.join(FIELDS)}")
        if column not in header:
            raise CommandError(f"--map {pair}: {path} has no column {column!r}, but {header}")
        columns[name] = column
    if missing := [name for name in ("id", "title") if name not in columns]:
        raise CommandError(f"{path}, line 1: no column for {missing[0]}; say --map {missing[0]}=…")
    return {name: header.index(column) for name, column in columns.items()}
