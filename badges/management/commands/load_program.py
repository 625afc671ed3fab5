import difflib
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from badges.program.loading import check, parse_yaml, to_document, to_yaml
from badges.program.problems import ProgramError
from badges.services.programs import publish, published_document
from portal.activity.registry import is_known_verb


class Command(BaseCommand):
    help = "Publish the whole programme of a YAML file as one new version."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.yaml", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="print the difference only")

    def handle(self, *args, file, dry_run, **options):
        try:
            document = parse_yaml(file.read_text(encoding="utf-8-sig"))
            if dry_run:
                self._show_difference(document)
                return
            version, is_new = publish(document=document)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{file}: {error}") from error
        except ProgramError as error:
            lines = (f"{file}: {place}: {message}" for place, message in error.problems)
            raise CommandError("\n".join(lines)) from error
        word = "published" if is_new else "is in force already"
        self.stdout.write(f"Programme version {version.number} {word}.")

    def _show_difference(self, document):
        new = to_yaml(to_document(check(document, is_known_verb=is_known_verb)))
        old = to_yaml(published_document())
        lines = difflib.unified_diff(old.splitlines(), new.splitlines(), "in force", "file", "", "")
        self.stdout.write("\n".join(lines) or "No difference.")
