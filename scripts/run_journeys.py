"""Run the browser journeys in pytest processes of their own.

    .venv/bin/python scripts/run_journeys.py [pytest's options]

One process more than TEST_WORKERS (2) shares them, as people read and watch at times; each has a
browser and a copy of the demo of its own. JOURNEYS=whole takes all of them. Where Chromium is
missing they are left out, and the last line says so. What fails is tried once more on its own, and
both results are printed; a ledger that does not add up afterwards is not tried again.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CHROMIUM = Path("/usr/bin/chromium")
OPTIONS = [
    "-o",
    "addopts=--strict-markers",
    "-p",
    "no:playwright",
    "-p",
    "no:randomly",
    # The unit tests may run at the same time, and what failed there is theirs.
    "-o",
    "cache_dir=.pytest_cache/journeys",
]
# Beside the demo's folder; tests/e2e/demo.py writes it.
UNSOUND = "ledger-does-not-add-up"


def run(folder: Path, *arguments: str) -> int:
    """Run the journeys on copies of the demo in `folder`, which is loaded if it is empty."""
    if not CHROMIUM.exists():
        print(
            f"The browser journeys were left out: there is no {CHROMIUM}"
            " (on Debian: apt-get install chromium)."
        )
        return 0
    workers = str(int(os.environ.get("TEST_WORKERS", "2")) + 1)
    chosen = "e2e" if os.environ.get("JOURNEYS") == "whole" else "e2e and not whole"
    command = [sys.executable, "-m", "pytest", "tests/e2e", "-q", "--durations=5", *OPTIONS]
    command += ["-m", chosen]
    env = os.environ | {"MEYDAN_E2E_DEMO": str(folder)}
    print("Running the browser journeys in Chromium ...", flush=True)
    first = [*command, "-n", workers, "--maxschedchunk=1", *arguments]
    status = subprocess.run(first, cwd=ROOT, env=env, check=False).returncode
    if folder.with_name(UNSOUND).exists():
        print(f"After the journeys: {folder.with_name(UNSOUND).read_text()}")
        return status or 1
    if status == 1:
        # A browser on a busy machine may miss its moment once; what is broken fails again.
        print("Trying again what failed ...", flush=True)
        again = [*command, "-n0", "--last-failed", *arguments]
        status = subprocess.run(again, cwd=ROOT, env=env, check=False).returncode
    return status


def main() -> int:
    if folder := os.environ.get("MEYDAN_E2E_DEMO"):
        return run(Path(folder), *sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="meydan-journeys-") as folder:
        return run(Path(folder) / "demo", *sys.argv[1:])


if __name__ == "__main__":
    raise SystemExit(main())
