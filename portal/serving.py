"""What a serving process does at its start and at its end.

Without Redis wake-ups, cache and limits live in the memory of one process. So a server takes a
lock on its folder, and a second one refuses to start in words; it also runs the background jobs.
"""

import fcntl
import os
import threading
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

import uvicorn
from django.conf import settings

from portal.jobs.worker import start_embedded_worker, stop_embedded_worker

# A restart takes five seconds: so long requests under way may take, then a job, then all of it.
REQUESTS_WITHIN = 2
JOB_WITHIN = 1.5
ALL_WITHIN = 4.0


class AlreadyServingError(RuntimeError):
    """Another process serves from the same folder."""


class Lock:
    """Held while this process serves; the system lets go of it when the process ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file: TextIO | None = None

    def take(self) -> None:
        """Take the lock. Raises AlreadyServingError with words for whoever started this."""
        file = self.path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.seek(0)
            holder = file.read(20).strip() or "?"
            file.close()
            raise AlreadyServingError(
                f"Another server (process {holder}) already serves this portal: it holds "
                f"{self.path}. Stop it first, or set REDIS_URL to run several."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        self.file = file

    def release(self) -> None:
        if self.file is not None:
            self.file.close()
            self.file = None


class Server(uvicorn.Server):
    """Ends within `ALL_WITHIN` seconds of the first signal, whatever still runs."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if not self.should_exit:
            end_within(ALL_WITHIN)
        super().handle_exit(sig, frame)


def end_within(seconds: float) -> None:
    """End this process after so long, if it has not ended by then.

    What was committed stays, what was not is rolled back by the database; a job that was cut
    off is run again. The system lets go of the lock.
    """
    timer = threading.Timer(seconds, os._exit, args=[0])
    timer.daemon = True
    timer.start()


class Lifespan:
    """The ASGI lifespan: start what belongs to a server, or say why it cannot start."""

    def __init__(self) -> None:
        self.lock = Lock(Path(settings.VAR_DIR) / "portal.lock")

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                try:
                    self.start()
                except AlreadyServingError as error:
                    await send({"type": "lifespan.startup.failed", "message": str(error)})
                    return
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                self.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    def start(self) -> None:
        if not settings.REDIS_URL:
            self.lock.take()
            start_embedded_worker()

    def stop(self) -> None:
        if not settings.REDIS_URL:
            stop_embedded_worker(timeout=JOB_WITHIN)
            self.lock.release()
