from pathlib import Path

from django.core.management.base import BaseCommand

from badges.program.loading import to_yaml
from badges.services.programs import published_document


class Command(BaseCommand):
    help = "Write the programme in force as YAML, to a file or to standard output."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.yaml", type=Path, nargs="?")

    def handle(self, *args, file, **options):
        text = to_yaml(published_document())
        if file:
            file.write_text(text, encoding="utf-8")
        else:
            self.stdout.write(text, ending="")
