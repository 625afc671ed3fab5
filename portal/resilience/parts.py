"""The servers that the portal stands on, and what this process knows of whether they answer.

A request that finds a part silent pays one short wait for it and says so here; from then on nobody
asks that part until one thread, which tries it twice a second, has heard of it again.
"""

import threading
import time
from collections.abc import Callable

import structlog

logger = structlog.get_logger(__name__)

# Seconds between two tries.
PAUSE = 0.5


class Part:
    """One server: `ping()` raises as long as it does not do its work. Safe in any thread."""

    def __init__(self, name: str, ping: Callable[[], object], *, pause: float = PAUSE) -> None:
        self.name, self._ping, self._pause = name, ping, pause
        self._lock = threading.Lock()
        self._is_away = False

    @property
    def is_away(self) -> bool:
        return self._is_away

    def failed(self, error: BaseException) -> None:
        """Say that the part did not answer; the first to say so lets it be watched."""
        with self._lock:
            if self._is_away:
                return
            self._is_away = True
        logger.warning("part_away", part=self.name, error=f"{type(error).__name__}: {error}")
        threading.Thread(target=self._watch, name=f"watch-{self.name}", daemon=True).start()

    def is_answering(self) -> bool:
        """Ask it now, for those who want to know; a part that is away is left to its thread."""
        if self._is_away:
            return False
        try:
            self._ping()
        except Exception as error:
            self.failed(error)
            return False
        return True

    def _watch(self) -> None:
        begun = time.monotonic()
        while True:
            time.sleep(self._pause)
            try:
                self._ping()
            except Exception:  # noqa: S112 (whatever it is, the part is not back)
                continue
            break
        self._is_away = False
        logger.warning("part_back", part=self.name, seconds=round(time.monotonic() - begun, 1))
