"""G6: the database's disk is filled to the last byte again and again while members read and vote.

Room is made by making the disk larger and by taking away what filled it, in turns, and nothing is
started again.
"""

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from crashes import Voters, faults_of, waited_for_worker
from django.db import OperationalError, connection
from readers import BACK_WITHIN, Readers, Reading, asked, seconds_until
from served import Process, collect_static, free_port, wait_for
from stage import publish_rules

FILLUPS = 20
FULL_FOR = 4.0
CHUNK = 1024 * 1024
LARGER = 4


def filled(disk: Path, scale: float) -> list[dict]:
    """Fill, read on, make room, see it recover; at the end nothing acknowledged is missing."""
    collect_static()
    publish_rules(cast="community.vote_cast", received="community.vote_received")
    port, begun, times = free_port(), time.perf_counter(), max(1, round(FILLUPS * scale))
    web = Process("serve", "--port", str(port))
    seen, slowest, refused = Reading(), 0.0, 0
    try:
        wait_for(port)
        voters, readers = Voters(port), Readers(port)
        readers.measure(2.0)
        for number in range(times):
            known = len(voters.acknowledged)
            _fill(disk)
            _add(seen, readers.measure(FULL_FOR))
            refused += asked(port, "/readyz") == 503
            _make_room(disk, larger=number % 2 == 0)
            slowest = max(slowest, seconds_until(_voted(voters, known)))
        voters.stop()
        readers.stop()
        connection.close()
        unsent = waited_for_worker()
    finally:
        web.kill()
    wrong = list(_complaints(voters, seen, slowest, unsent, refused, times))
    for fault in wrong[:5]:
        print(f"G6: {fault}")
    what = f"G6 disk filled {times} times, {len(voters.acknowledged)} votes acknowledged"
    row = {"what": what, "count": times, "wrong": len(wrong)}
    row |= {"seconds": time.perf_counter() - begun, "back": slowest}
    row |= {"statuses": str(seen.statuses)}
    return [row]


def _fill(disk: Path) -> None:
    """Take what is left, to the last byte."""
    size = CHUNK
    with (disk / "ballast").open("ab", buffering=0) as file:
        while size:
            try:
                file.write(b"\0" * size)
            except OSError:
                size //= 2


def _make_room(disk: Path, *, larger: bool) -> None:
    if larger:
        room = os.statvfs(disk)
        size = room.f_blocks * room.f_frsize + LARGER * CHUNK
        command = ["mount", "-o", f"remount,size={size}", str(disk)]
        subprocess.run(command, check=True)
    else:
        (disk / "ballast").unlink()


def _voted(voters: Voters, known: int):
    """Whether votes are taken again."""
    return lambda: len(voters.acknowledged) > known + 1


def _add(total: Reading, seen: Reading) -> None:
    total.seconds += seen.seconds
    for status, count in seen.statuses.items():
        total.statuses[status] = total.statuses.get(status, 0) + count


def _complaints(voters, seen, slowest, unsent, refused, times) -> Iterator[str]:
    if set(seen.statuses) != {200}:
        yield f"reading: {seen.statuses}"
    if slowest > BACK_WITHIN:
        yield f"writing again after {slowest:.1f} s"
    if refused < times:
        yield f"/readyz noticed {refused} of {times}"
    if unsent:
        yield f"{unsent} are left unsent"
    yield from _integrity()
    yield from faults_of(voters.acknowledged)


def _integrity() -> Iterator[str]:
    with contextlib.suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        if cursor.fetchall() != [("ok",)]:
            yield "the file is damaged"
