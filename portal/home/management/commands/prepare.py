"""Everything between a fresh clone and a served portal; quick when there is nothing to do."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from portal.accounts.models import Member
from portal.home.demo.loader import is_loaded

WATCHED = ("requirements.txt", "static", "portal", "community", "events", "badges", "knowledgebase")


class Command(BaseCommand):
    help = "Set up, collect static files and load the demo community on first use."

    def add_arguments(self, parser):
        parser.add_argument("--members", type=int, default=60, help="members of the demo (60)")

    def handle(self, *args, members, **options):
        if settings.IS_PRODUCTION:
            call_command("setup")
            call_command("collectstatic", interactive=False, verbosity=0)
            return
        if self._changed("setup", [settings.BASE_DIR / name for name in WATCHED], "*.py"):
            call_command("setup")
            self._remember()
        static = [settings.BASE_DIR / "static", settings.BASE_DIR / "requirements.txt"]
        if self._changed("static", static, "*"):
            self.stdout.write("Collecting static files ...")
            call_command("collectstatic", interactive=False, verbosity=0)
            self._remember()
        if is_loaded() or not Member.objects.exists():
            call_command("load_demo", members=members)

    def _changed(self, name: str, roots: list[Path], pattern: str) -> bool:
        """True when the default language or any watched file (name, size, time) is another one."""
        digest = hashlib.sha256(settings.LANGUAGE_CODE.encode())
        for root in roots:
            files = sorted(root.rglob(pattern)) if root.is_dir() else [root]
            for file in files:
                if file.is_file():
                    state = file.stat()
                    digest.update(f"{file}{state.st_size}{state.st_mtime_ns}".encode())
        self._stamp = settings.VAR_DIR / f"{name}.stamp"
        self._digest = digest.hexdigest()
        return not self._stamp.exists() or self._stamp.read_text() != self._digest

    def _remember(self) -> None:
        self._stamp.write_text(self._digest)
