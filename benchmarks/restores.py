"""G20: a backup made under load, restored elsewhere, recounted; a damaged one found.

`deploy/backup.sh` is what operators run. Facts that were recorded and acknowledged before it began
have to be in what is restored; what came meanwhile may be.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from django.db import connection, connections
from ledgers import grow
from served import MANAGE
from stage import make_members, publish_rules

from portal.activity.services import record
from tests.databases import database_url

ENTRIES, ACKNOWLEDGED = 200_000, 200
RESTORED_WITHIN = 600
SCRIPT = MANAGE.parent / "deploy/backup.sh"
VERB = "import.kept"


def restore_rows(scale: float, seed: int) -> list[dict]:
    """Back up while somebody writes, look it through, damage copies, restore, recount."""
    grow(max(1000, int(ENTRIES * scale)) // 2)
    publish_rules(kept=VERB)
    [member] = make_members(1, stem="kept")
    keys = {record(member=member, verb=VERB, key=uuid4().hex).key for _ in range(ACKNOWLEDGED)}
    with tempfile.TemporaryDirectory() as name, writing(member):
        folder = Path(name)
        (folder / "var/media").mkdir(parents=True)
        (folder / "var/media/picture").write_bytes(os.urandom(100_000))
        start = time.perf_counter()
        made = run([SCRIPT, folder / "backups"], folder)
        seconds = time.perf_counter() - start
        if made.returncode:
            raise SystemExit(made.stderr)
        backup = Path(made.stdout.strip())
        rows = [{"what": "G20 backup under load, seconds", "count": 1, "wrong": 0}]
        rows[0]["seconds"] = seconds
        rows += [damaged(backup, folder), restored(backup, folder, keys)]
    return rows


@contextmanager
def writing(member) -> Iterator[None]:
    """Somebody records facts all the time."""
    stopping = threading.Event()

    def write() -> None:
        while not stopping.is_set():
            record(member=member, verb=VERB, key=uuid4().hex)
            time.sleep(0.02)
        connections.close_all()

    thread = threading.Thread(target=write, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()


def run(command: list, folder: Path, **environment: str) -> subprocess.CompletedProcess:
    known = os.environ | {"DATABASE_URL": database_url(), "VAR_DIR": str(folder / "var")}
    known |= {"LOG_LEVEL": "ERROR", "PYTHON": sys.executable, **environment}
    return subprocess.run(list(map(str, command)), env=known, capture_output=True, text=True)


def damaged(backup: Path, folder: Path) -> dict:
    """Every file of it with a byte changed, cut in half, or gone."""
    harms = {
        "changed": lambda data: data[: len(data) // 2] + b"\0?" + data[len(data) // 2 + 2 :],
        "halved": lambda data: data[: len(data) // 2],
        "gone": None,
    }
    tried = unnoticed = 0
    for file in sorted(backup.iterdir()):
        for harm, change in harms.items():
            copy = folder / "damaged"
            shutil.copytree(backup, copy)
            if change is None:
                (copy / file.name).unlink()
            else:
                (copy / file.name).write_bytes(change(file.read_bytes()))
            tried += 1
            if run([SCRIPT, "--check", copy], folder).returncode == 0:
                unnoticed += 1
                print(f"{file.name} {harm}: not noticed")
            shutil.rmtree(copy)
    return {"what": "G20 damaged backups, each found", "count": tried, "wrong": unnoticed}


def restored(backup: Path, folder: Path, keys: set[str]) -> dict:
    """Into an empty place, as docs/operations.md says; then counted and verified."""
    start = time.perf_counter()
    with empty_database(folder) as address:
        load(backup, folder, address)
        steps = [[sys.executable, MANAGE, step] for step in ("setup", "verify_ledger")]
        runs = [run(step, folder, DATABASE_URL=address) for step in steps]
        seconds = time.perf_counter() - start
        count = (
            "from portal.activity.models import Activity;"
            f"print(*Activity.objects.filter(verb='{VERB}').values_list('key', flat=True))"
        )
        command = [sys.executable, MANAGE, "shell", "--no-imports", "--command", count]
        there = set(run(command, folder, DATABASE_URL=address).stdout.split())
    failed = [one for one in runs if one.returncode]
    for one in failed:
        print(one.stdout[-2000:], one.stderr[-2000:])
    lost = len(keys - there)
    late = seconds > RESTORED_WITHIN
    what = "G20 restored elsewhere, set up and verified; facts acknowledged before, lost"
    return {
        "what": what,
        "count": len(keys),
        "wrong": lost + len(failed) + late,
        "seconds": seconds,
    }


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    if connection.vendor == "sqlite":
        (folder / "new").mkdir()
        yield f"sqlite:///{folder}/new/portal.sqlite3"
        return
    name = f"{connection.settings_dict['NAME']}_restored"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    try:
        yield f"{database_url().rpartition('/')[0]}/{name}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def load(backup: Path, folder: Path, address: str) -> None:
    if connection.vendor == "sqlite":
        shutil.copy(backup / "portal.sqlite3", address.removeprefix("sqlite:///"))
    else:
        dump = backup / "database.dump"
        done = run(["pg_restore", "--no-owner", f"--dbname={address}", dump], folder)
        if done.returncode:
            raise SystemExit(done.stderr)
    with tarfile.open(backup / "media.tar") as files:
        files.extractall(folder / "elsewhere", filter="data")
