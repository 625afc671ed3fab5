from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from badges.models import IssuerKey
from badges.services.credentials.issuing import distrust_key


class Command(BaseCommand):
    help = (
        "Stop trusting a credential key that may have leaked, and sign anew with the key in use"
        " what it signed. Set the new CREDENTIAL_KEY and restart first."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "key", nargs="?", help="its public half, z6Mk…; without it the known keys are listed"
        )

    def handle(self, *args, **options):
        if not options["key"]:
            self._list()
            return
        key = IssuerKey.objects.trusted().filter(multibase=options["key"]).first()
        if key is None:
            raise CommandError("No trusted key has this public half.")
        try:
            count = distrust_key(key=key)
        except ImproperlyConfigured as error:
            raise CommandError("It is still in use. Set another CREDENTIAL_KEY first.") from error
        self.stdout.write(f"Distrusted. {count} credential(s) signed anew.")

    def _list(self):
        for key in IssuerKey.objects.order_by("pk"):
            state = "distrusted" if key.distrusted_at else "trusted"
            self.stdout.write(f"{key.multibase}  since {key.created_at:%Y-%m-%d}  {state}")
