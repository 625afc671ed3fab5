import contextlib
import resource

import uvicorn
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.connections import BoundedProtocol
from portal.serving import REQUESTS_WITHIN, Server

# A frame of a socket, in bytes: pages only ever say a few words.
FRAME = 16 * 1024


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
        open_more_files()
        config = configuration(host, port)
        config.load_app()
        server = Server(config)
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
        if not server.started:
            raise CommandError("The portal could not be served; the lines above say why.")


def configuration(host: str, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        "portal.asgi:application",
        host=host,
        port=port,
        log_level="warning",
        lifespan="on",
        http=BoundedProtocol,
        ws="websockets-sansio",
        ws_max_size=FRAME,
        ws_per_message_deflate=False,
        timeout_graceful_shutdown=REQUESTS_WITHIN,
        # The portal decides itself whose word about addresses counts.
        proxy_headers=False,
    )


def open_more_files() -> None:
    """Let this process hold as many connections as the system grants, not as many as it begins
    with.
    """
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
