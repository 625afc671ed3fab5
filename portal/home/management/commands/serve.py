import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Serve the portal on one process: the embedded default."

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *args, host, port, **options):
        if settings.IS_PRODUCTION:
            raise CommandError("Production runs pages and sockets apart: see docs/operations.md.")
        self.stdout.write(f"\n  Meydan is on http://{host}:{port}/  (stop it with Ctrl-C)")
        self.stdout.write(f"  Mail goes to {settings.EMAIL_FILE_PATH}/\n")
        uvicorn.run(
            "portal.asgi:application",
            host=host,
            port=port,
            log_level="warning",
            lifespan="on",
            ws="websockets-sansio",
            # The portal decides itself whose word about addresses counts.
            proxy_headers=False,
        )
