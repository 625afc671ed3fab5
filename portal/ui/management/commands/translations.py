"""Keeps the Turkish catalogues complete and compiled, without GNU gettext."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.ui.catalogue.files import compile_file, update
from portal.ui.catalogue.problems import problems_of
from portal.ui.catalogue.sources import collect
from portal.ui.catalogue.vendor import untranslated

CATALOGUE = Path("tr/LC_MESSAGES/django.po")


class Command(BaseCommand):
    help = "Compiles the Turkish catalogues; can bring them up to date or check them."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        group = parser.add_mutually_exclusive_group()
        group.add_argument(
            "--update", action="store_true", help="add missing strings, drop unused ones"
        )
        group.add_argument(
            "--check", action="store_true", help="write nothing; fail with a list of faults"
        )
        group.add_argument(
            "--vendor", action="store_true", help="list what packages lack in Turkish"
        )
        parser.add_argument(
            "--root", type=Path, default=settings.BASE_DIR, help="the project's folder"
        )

    def handle(self, **options: Any) -> None:
        own = options["root"] / "locale" / CATALOGUE
        vendor = options["root"] / "locale_vendor" / CATALOGUE
        if options["vendor"]:
            return self._list(vendor)
        if options["check"]:
            return self._check(options["root"], own, vendor)
        if options["update"]:
            added, dropped = update(own, collect(options["root"]))
            self.stdout.write(f"{own}: {added} added, {dropped} dropped")
        for path in (own, vendor):
            if path.exists() and compile_file(path):
                self.stdout.write(f"{path}: compiled")
        return None

    def _check(self, root: Path, own: Path, vendor: Path) -> None:
        faults = sorted(problems_of(own, collect(root)))
        if vendor.exists():
            faults += sorted(problems_of(vendor, None))
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} faults; `manage.py translations --update` helps.")
        self.stdout.write("The translations are complete and compiled.")

    def _list(self, vendor: Path) -> None:
        for app, entry in untranslated(vendor):
            context = f" ({entry.msgctxt})" if entry.msgctxt else ""
            plural = f" | {entry.msgid_plural!r}" if entry.msgid_plural else ""
            self.stdout.write(f"{app}: {entry.msgid!r}{plural}{context}")
