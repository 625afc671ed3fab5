"""A full disk, on one of the drill's own: `outages.py disks found.json --scale 0.01`."""

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

# Megabytes.
SMALL = 160


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=["disks"])
    parser.add_argument("found", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rows = [{"what": "G6 left out: a small disk can be made by root alone", "count": 0, "wrong": 0}]
    if os.geteuid() == 0:
        rows = _sqlite_disk(options.scale)
    options.found.write_text(json.dumps(rows, indent=2))
    return 0


def _sqlite_disk(scale: float) -> list[dict]:
    migrated = Path(os.environ.get("VAR_DIR", "var")) / "test-databases"
    with small_disk() as disk:
        if migrated.exists():
            shutil.copytree(migrated, disk / migrated.name)
        os.environ.pop("DATABASE_URL", None)
        os.environ["VAR_DIR"] = str(disk)
        import stage
        from fillups import filled

        with stage.stage("drill_disks"):
            return filled(disk, scale)


@contextlib.contextmanager
def small_disk(megabytes: int = SMALL) -> Iterator[Path]:
    """A disk of its own that can be filled without harm."""
    folder = Path(tempfile.mkdtemp(prefix="meydan-disk-"))
    options = f"size={megabytes}m,mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "meydan", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
