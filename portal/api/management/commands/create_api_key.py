from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from portal.api.scopes import SCOPES
from portal.api.services.keys import create_key


class Command(BaseCommand):
    help = "Makes a key for an application and prints it, once: only its digest is kept."

    def add_arguments(self, parser):
        parser.add_argument("name", metavar="NAME", help="the application that will hold it")
        parser.add_argument(
            "--scope",
            action="append",
            required=True,
            metavar="SCOPE",
            help=f"one of {', '.join(SCOPES)}; may be given several times",
        )

    def handle(self, *args, name, scope, **options):
        try:
            row, key = create_key(name=name, scopes=scope)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stderr.write(f"A key for {row.application} ({', '.join(row.scopes)}); keep it safe:")
        self.stdout.write(key)
