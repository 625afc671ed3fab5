"""The long proofs: `make drill`. About forty minutes at length; `--scale 0.01` rehearses.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/drill.py --only races --seed 7

Each part is a process of its own on a database of its own (`trials.py` holds them). Parts that do
not measure time run side by side, one for each core. Anything wrong makes the drill fail, and so
does a control that holds: a crowd without the guard that does no harm.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from stage import POSTGRESQL, SQLITE, commit, engines, environment_of, report

TRIALS = Path(__file__).with_name("trials.py")
# What breaks the disk that it runs on makes one of its own.
OUTAGES = Path(__file__).with_name("outages.py")
BREAKING = ("disks",)
PARTS = (
    "machine",
    "api",
    "input",
    "races",
    "controls",
    "replays",
    "ledger",
    "crashes",
    "slow",
    "sockets",
    "restores",
    *BREAKING,
    "farming",
)
# What runs at the same time. Verification runs alone, as it is held to a minute.
TOGETHER = [
    [("machine", SQLITE), ("machine", POSTGRESQL)],
    [("api", SQLITE), ("api", POSTGRESQL)],
    [("races", POSTGRESQL), ("replays", SQLITE)],
    [("replays", POSTGRESQL), ("races", SQLITE)],
    [("controls", POSTGRESQL), ("farming", SQLITE)],
    [("farming", POSTGRESQL)],
    [("input", SQLITE), ("input", POSTGRESQL)],
    [("ledger", SQLITE)],
    [("ledger", POSTGRESQL)],
    # Without Redis a folder serves one portal at a time.
    [("restores", SQLITE)],
    [("restores", POSTGRESQL)],
    [("sockets", SQLITE)],
    [("sockets", POSTGRESQL)],
    [("slow", SQLITE)],
    [("slow", POSTGRESQL)],
    [("crashes", SQLITE)],
    [("crashes", POSTGRESQL)],
    [("disks", SQLITE)],
]


@dataclass
class Running:
    """A trial on its way: its process, and where it says what it found."""

    part: str
    engine: str
    process: subprocess.Popen
    log: Path
    found: Path
    begun: float

    def rows(self) -> list[dict]:
        """What it found; a trial that ended without a word is wrong."""
        code = self.process.wait()
        seconds = time.perf_counter() - self.begun
        print(f"{self.part} on {self.engine}: {seconds:,.0f} s, log in {self.log}", flush=True)
        rows = json.loads(self.found.read_text()) if self.found.exists() else []
        if code or not rows:
            print("\n".join(self.log.read_text().splitlines()[-30:]))
            failed = {"what": f"{self.part} ended with {code}", "wrong": 1, "seconds": seconds}
            rows.append(failed)
        return [{"engine": self.engine, **row} for row in rows]


def main() -> int:
    options = arguments()
    start, rows = time.perf_counter(), []
    print(f"seed {options.seed}, commit {commit()}, scale {options.scale}", flush=True)
    for trials in TOGETHER:
        chosen = [
            (part, engine)
            for part, engine in trials
            if part in (options.only or PARTS) and engine in engines()
        ]
        running = [begin(part, engine, options) for part, engine in chosen]
        rows += [row for one in running for row in one.rows()]
    minutes = (time.perf_counter() - start) / 60
    about = {"seed": options.seed, "scale": options.scale, "minutes": round(minutes, 1)}
    report("drill", rows, **about)
    wrong = sum(row["wrong"] for row in rows)
    print(f"{minutes:.1f} minutes, {wrong} wrong")
    return 1 if wrong or not rows else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prove at length that the ledger holds.")
    parser.add_argument("--scale", type=float, default=1.0, help="the part of the full length")
    parser.add_argument("--only", action="append", choices=PARTS, help="may be given again")
    parser.add_argument("--engine", choices=(SQLITE, POSTGRESQL), help="one engine alone")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    if options.engine and options.engine not in engines():
        parser.error("PostgreSQL needs its address in DATABASE_URL")
    if options.engine:
        TOGETHER[:] = [[one for one in trials if one[1] == options.engine] for trials in TOGETHER]
    return options


def begin(part: str, engine: str, options: argparse.Namespace) -> Running:
    """Start a trial in a process of its own, which logs into VAR_DIR."""
    stem = settings.VAR_DIR / f"drill-{part}-{engine.lower()}"
    log, found = stem.with_suffix(".log"), stem.with_suffix(".json")
    found.unlink(missing_ok=True)
    said = [part, str(found), "--scale", str(options.scale), "--seed", str(options.seed)]
    with log.open("w") as stream:
        process = subprocess.Popen(
            [sys.executable, str(OUTAGES if part in BREAKING else TRIALS), *said],
            env=environment_of(engine),
            stdout=stream,
            stderr=stream,
        )
    return Running(part, engine, process, log, found, time.perf_counter())


if __name__ == "__main__":
    sys.exit(main())
