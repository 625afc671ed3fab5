"""Run the browser journeys in a pytest process of their own.

    .venv/bin/python scripts/run_journeys.py [pytest's options]

Where Chromium is missing they are left out, and the last line says so. What fails is tried once
more on its own; both results are printed.
"""

import subprocess
import sys
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
    "-m",
    "e2e",
]


def main() -> int:
    if not CHROMIUM.exists():
        print(
            f"The browser journeys were left out: there is no {CHROMIUM}"
            " (on Debian: apt-get install chromium)."
        )
        return 0
    command = [sys.executable, "-m", "pytest", "tests/e2e", "-q", "--durations=5", *OPTIONS]
    print("Running the browser journeys in Chromium ...", flush=True)
    status = subprocess.run([*command, *sys.argv[1:]], cwd=ROOT, check=False).returncode
    if status == 1:
        # A browser on a busy machine may miss its moment once; what is broken fails again.
        print("Trying again what failed ...", flush=True)
        again = [*command, "--last-failed", *sys.argv[1:]]
        status = subprocess.run(again, cwd=ROOT, check=False).returncode
    return status


if __name__ == "__main__":
    raise SystemExit(main())
