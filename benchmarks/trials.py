"""One part of the drill on one engine: `trials.py races found.json --scale 0.01 --seed 7`."""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from controls import CONTROLS, control_row
from crashes import survived
from crowd import Crowd
from django.db import connection
from farming import (
    forged_watching,
    rings_by_address_alone,
    rings_told_apart,
    scripted_abuse,
)
from hammers import HAMMERS, publish_hammered, same_budget, same_fact, same_reversal, same_wallet
from ledgers import found_difference, verified_ledger
from replays import REPLAYED
from restores import restore_rows
from site_hammers import QUICK_HERE, SITE_HAMMERS, make_rich
from slow import slow_rows
from sockets import socket_rows
from stage import make_members, stage  # first: it sets Django up

from badges.services.replaying import replay
from badges.services.verification import figures, verify

ROOT = Path(__file__).resolve().parents[1]
CLIENTS, STEPS, REQUESTS, REPLAYS = 64, 100_000, 100_000, 100_000
ENTRIES, KILLS = 1_000_000, 20
# SQLite lets one write at a time, so that races are few there: it gets this part of them on top.
RACED_ON_SQLITE = 0.1
# Replays are shared between the engines; on SQLite most of their time is waiting for its lock.
REPLAYED_ON = {"sqlite": 0.1, "postgresql": 0.9}
# Hammers that are quick are swung so much more often.
OFTEN = 3
QUICK = {same_fact, same_reversal, same_budget, same_wallet, *QUICK_HERE}
# PostgreSQL takes other steps than SQLite.
OTHER_SEEDS = 1_000_000
# Of each kind of key.
API_CASES, FUZZING = 5_000, "tests/portal/api/test_fuzzing.py"
HOSTILE = "tests/test_hostile_input.py"
MACHINE = "tests/badges/test_ledger_machine.py"
STEPPING = "no_sequence_of_steps"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("part", choices=[*IN_PYTEST, *TRIALS])
    parser.add_argument("found", type=Path)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.part in IN_PYTEST:
        rows = IN_PYTEST[options.part](options.scale, options.seed)
    else:
        with stage(f"drill_{options.part}"):
            rows = TRIALS[options.part](options.scale, options.seed)
    options.found.write_text(json.dumps(rows, indent=2))
    return 0


def machine_rows(scale: float, seed: int) -> list[dict]:
    """G1: the ledger machine, in a process that pytest makes ready."""
    steps, start = max(1, int(STEPS * scale)), time.perf_counter()
    seed += 0 if connection.vendor == "sqlite" else OTHER_SEEDS
    environment = os.environ | {"LEDGER_STEPS": str(steps), "LEDGER_SEED": str(seed)}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "-m", "pytest", "-n0", "-s", "-p", "no:cacheprovider", MACHINE]
    command += ["-k", STEPPING]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    print(run.stdout, run.stderr)
    said = re.search(r"(\d+) steps, (\d+) comparisons, (\d+) seeds", run.stdout)
    taken, compared, seeds = map(int, said.groups()) if said else (0, 0, 0)
    what = f"G1 ledger machine, {compared:,} comparisons, seeds {seed} to {seed + seeds - 1}"
    wrong = int(run.returncode != 0 or taken < steps)
    seconds = time.perf_counter() - start
    return [{"what": what, "count": taken, "wrong": wrong, "seconds": seconds}]


def api_rows(scale: float, seed: int) -> list[dict]:
    """G14: generated calls with each kind of key; every answer is one that is described."""
    cases, start = max(1, int(API_CASES * scale)), time.perf_counter()
    environment = os.environ | {"API_CASES": str(cases), "API_SEED": str(seed)}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "-m", "pytest", "-n0", "-s", "-p", "no:cacheprovider", FUZZING]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    print(run.stdout, run.stderr)
    calls = [int(count) for count in re.findall(r"with .+: (\d+) calls", run.stdout)]
    what = f"G14 generated calls of the API, {len(calls)} kinds of keys"
    wrong = int(run.returncode != 0 or not calls)
    return [
        {"what": what, "count": sum(calls), "wrong": wrong, "seconds": time.perf_counter() - start}
    ]


def input_rows(scale: float, seed: int) -> list[dict]:
    """G22: every hostile value in every parameter of every address, as three roles."""
    start = time.perf_counter()
    size = "whole" if scale >= 1 else "glance"
    environment = os.environ | {"HOSTILE": size, "HOSTILE_SEED": str(seed)}
    environment |= {"DJANGO_SETTINGS_MODULE": "portal.settings.test"}
    command = [sys.executable, "-m", "pytest", "-n0", "-s", "-p", "no:cacheprovider", HOSTILE]
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    print(run.stdout, run.stderr)
    found = re.findall(r"(\d+) hostile requests as (\w+), (\d+) wrong", run.stdout)
    seconds = time.perf_counter() - start
    rows = [
        {"what": f"G22 input as {role}", "count": int(count), "wrong": int(wrong)}
        for count, role, wrong in found
    ]
    return [*rows, {"what": "G22 all of it", "wrong": int(run.returncode != 0), "seconds": seconds}]


def race_rows(scale: float, seed: int) -> list[dict]:
    """G2: 64 clients at once on everything that two could want."""
    hammers = HAMMERS | SITE_HAMMERS
    often = [OFTEN if hammer in QUICK else 1 for hammer in hammers.values()]
    scale *= RACED_ON_SQLITE if connection.vendor == "sqlite" else 1
    rounds = rounds_of(REQUESTS * scale / sum(often))
    publish_hammered()
    members, crowd, rows = make_members(CLIENTS, stem="client"), Crowd(CLIENTS), []
    make_rich(members)
    try:
        for (what, hammer), times in zip(hammers.items(), often, strict=True):
            start, last = time.perf_counter(), rounds * times
            wrong = [fault for n in range(last) for fault in hammer(crowd, members, n)]
            rows.append(row_of(f"G2 {what}", last * CLIENTS, wrong, start))
    finally:
        crowd.leave()
    return [*rows, verified()]


def control_rows(scale: float, seed: int) -> list[dict]:
    """The same without the guards: each has to go wrong."""
    publish_hammered()
    crowd = Crowd(CLIENTS)
    try:
        return [control_row(what, control, crowd) for what, control in CONTROLS.items()]
    finally:
        crowd.leave()


def replay_rows(scale: float, seed: int) -> list[dict]:
    """G3: one key from everybody at once, for every way of moving value."""
    publish_hammered()
    members, crowd, rows = make_members(CLIENTS, stem="client"), Crowd(CLIENTS), []
    make_rich(members)
    try:
        for what, (kind, share) in REPLAYED.items():
            start, way = time.perf_counter(), kind(members)
            rounds = rounds_of(REPLAYS * scale * share * REPLAYED_ON[connection.vendor])
            wrong = [fault for n in range(rounds) for fault in way.round(crowd, n)]
            wrong += way.finish()
            rows.append(row_of(f"G3 {what}", rounds * CLIENTS, wrong, start))
    finally:
        crowd.leave()
    return [*rows, verified()]


def ledger_rows(scale: float, seed: int) -> list[dict]:
    """G5: a million entries verified in a minute, and one that is wrong among them found."""
    return [verified_ledger(int(ENTRIES * scale)), found_difference()]


def crash_rows(scale: float, seed: int) -> list[dict]:
    """G4's share of the drill: web and worker killed in turns under load."""
    return [*survived(max(2, round(KILLS * scale))), verified()]


def slow_client_rows(scale: float, seed: int) -> list[dict]:
    """G22: the embedded server and the layout of deploy/, attacked."""
    return slow_rows(scale)


# What pytest makes ready; the others take place on a stage of their own.
IN_PYTEST = {"machine": machine_rows, "api": api_rows, "input": input_rows}


def farming_rows(scale: float, seed: int) -> list[dict]:
    """G18: rings told from honest crowds, forged watching, what scripts get in a day."""
    trials = (rings_told_apart, rings_by_address_alone, forged_watching, scripted_abuse)
    return [*(one(scale, seed) for one in trials), verified()]


TRIALS = {
    "races": race_rows,
    "controls": control_rows,
    "replays": replay_rows,
    "ledger": ledger_rows,
    "crashes": crash_rows,
    "slow": slow_client_rows,
    "sockets": socket_rows,
    "restores": restore_rows,
    "farming": farming_rows,
}


def rounds_of(requests: float) -> int:
    """How many times everybody is sent, so that it comes to so many requests at least."""
    return max(1, math.ceil(requests / CLIENTS))


def row_of(what: str, count: int, wrong: list[str], start: float) -> dict:
    for fault in wrong[:5]:
        print(f"{what}: {fault}")
    seconds = time.perf_counter() - start
    print(f"{what}: {count:,} in {seconds:,.1f} s, {len(wrong)} wrong", flush=True)
    return {"what": what, "count": count, "wrong": len(wrong), "seconds": seconds}


def verified() -> dict:
    """The whole ledger recounted, and judged again."""
    start = time.perf_counter()
    faults = [f"{problem.invariant}: {problem.message}" for problem in verify()]
    faults += map(str, replay())
    counts = figures()
    what = f"verify_ledger and replay, {counts['transfers']:,} transfers"
    return row_of(what, counts["entries"], faults, start)


if __name__ == "__main__":
    sys.exit(main())
