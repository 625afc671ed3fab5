"""What processes hold in memory, read from the system."""

import os
import threading
from pathlib import Path

PAGE = os.sysconf("SC_PAGE_SIZE")
MEGABYTE = 1024 * 1024


def megabytes_of(pid: int) -> float:
    """What a process and all that it started hold."""
    held = dict(_parents())
    family, found = {pid}, True
    while found:
        found = {one for one, parent in held.items() if parent in family} - family
        family |= found
    return sum(_resident(one) for one in family) / MEGABYTE


def _parents() -> list[tuple[int, int]]:
    rows = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            rows.append((int(folder.name), int(stat[1])))
    return rows


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


class Watched:
    """The most that a process held while this was looked at, a few times a second."""

    def __init__(self, pid: int) -> None:
        self.pid, self.before = pid, megabytes_of(pid)
        self.most = self.before
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> "Watched":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        self._thread.join()

    @property
    def grown(self) -> float:
        return self.most - self.before

    def _look(self) -> None:
        while not self._stop.wait(0.2):
            self.most = max(self.most, megabytes_of(self.pid))
