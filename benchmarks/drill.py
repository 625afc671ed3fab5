"""The long proofs: `make drill`. It takes hours at full length; `--scale 0.01` is a rehearsal.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/drill.py [--scale 1] [--only races]

The full length is 100,000 steps of the ledger machine on each engine, 100,000 contended requests by
64 clients (PostgreSQL alone, as SQLite lets one write at a time), a verified ledger of a million
entries, and 20 kill -9 of web and worker under load. Anything wrong makes it fail.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from crashes import survived
from django.db import connection
from hammers import HAMMERS, Crowd, publish_hammered
from ledgers import verified_ledger
from stage import engine, make_members, report, stage

from badges.services.replaying import replay
from badges.services.verification import figures, verify

ROOT = Path(__file__).resolve().parents[1]
CLIENTS, STEPS, REQUESTS, ENTRIES, KILLS = 64, 100_000, 100_000, 1_000_000, 20
PARTS = ("machine", "races", "ledger", "crashes")


def main() -> int:
    options = arguments()
    scale, rows = options.scale, []
    for part in options.only or PARTS:
        if part == "machine":
            rows += machine_rows(int(STEPS * scale))
        elif part == "races" and connection.vendor == "postgresql":
            with stage("drill"):
                rows += race_rows(int(REQUESTS * scale))
        elif part == "races":
            print(f"The races need PostgreSQL: {engine()} lets one write at a time.")
        elif part == "ledger":
            with stage("drill"):
                rows.append(verified_ledger(int(ENTRIES * scale)))
        else:
            with stage("drill"):
                rows += [survived(max(2, int(KILLS * scale))), verified()]
    report("drill", rows)
    return 1 if any(row["wrong"] for row in rows) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Prove at length that the ledger holds.")
    parser.add_argument("--scale", type=float, default=1.0, help="the part of the full length")
    parser.add_argument("--only", action="append", choices=PARTS, help="may be given again")
    return parser.parse_args()


def machine_rows(steps: int) -> list[dict]:
    """The ledger machine on SQLite, and on PostgreSQL where DATABASE_URL names one."""
    databases = {"SQLite": ""}
    if connection.vendor == "postgresql":
        databases["PostgreSQL"] = os.environ["DATABASE_URL"]
    rows = []
    for name, address in databases.items():
        environment = {key: it for key, it in os.environ.items() if key != "DATABASE_URL"}
        environment |= {
            "LEDGER_STEPS": str(steps),
            "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        }
        environment |= {"DATABASE_URL": address} if address else {}
        command = ["pytest", "-n0", "-p", "no:cacheprovider", "tests/badges/test_ledger_machine.py"]
        start = time.perf_counter()
        run = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, env=environment)
        what = f"G1 {steps:,} steps of the ledger machine on {name}"
        seconds = time.perf_counter() - start
        rows.append({"what": what, "wrong": int(run.returncode != 0), "seconds": seconds})
    return rows


def race_rows(requests: int) -> list[dict]:
    publish_hammered()
    members, crowd, rows = make_members(CLIENTS), Crowd(CLIENTS), []
    rounds = max(1, requests // (CLIENTS * len(HAMMERS)))
    try:
        for what, hammer in HAMMERS.items():
            start = time.perf_counter()
            wrong = [fault for number in range(rounds) for fault in hammer(crowd, members, number)]
            for fault in wrong[:5]:
                print(f"{what}: {fault}")
            row = {"what": f"G2 {what}", "requests": rounds * CLIENTS, "wrong": len(wrong)}
            rows.append(row | {"seconds": time.perf_counter() - start})
    finally:
        crowd.leave()
    return [*rows, verified()]


def verified() -> dict:
    """The whole ledger recounted, and judged again."""
    faults = [f"{problem.invariant}: {problem.message}" for problem in verify()]
    faults += map(str, replay())
    for fault in faults[:10]:
        print(fault)
    counted = ", ".join(f"{count:,} {name}" for name, count in figures().items())
    return {"what": f"verify_ledger and replay ({counted})", "wrong": len(faults)}


if __name__ == "__main__":
    sys.exit(main())
