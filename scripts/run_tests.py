"""Run the unit tests and the browser journeys.

    .venv/bin/python -m scripts.run_tests

One process more than TEST_WORKERS (2) shares the unit tests. JOURNEYS=no leaves the journeys out,
JOURNEYS=whole takes also those that go another's way in the other language or on the other screen.

Browsers wait much of the time, so on SQLite the unit tests run meanwhile; they are the ones to
stand back, as nobody there looks at a clock. On PostgreSQL both would want more connections than
there are: the journeys follow, and only their demo community is loaded before.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import run_journeys
from tests.e2e.demo import ROOT, loading


def run_unit_tests(*before: str) -> int:
    """Run them with a command like `nice` before theirs."""
    # One more than there are cores: races wait for locks and for their crowds.
    workers = str(int(os.environ.get("TEST_WORKERS", "2")) + 1)
    command = [*before, sys.executable, "-m", "pytest", "-n", workers]
    # Modules go to the processes in the order of tests/conftest.py.
    command += ["--dist", "loadscope", "--no-loadscope-reorder"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def run_both(folder: Path) -> int:
    """Run the journeys beside the unit tests; what they say is printed when both have ended."""
    said = folder.with_name("journeys.log")
    with said.open("w") as output:
        journeys = subprocess.Popen(
            [sys.executable, run_journeys.__file__],
            cwd=ROOT,
            env=os.environ | {"MEYDAN_E2E_DEMO": str(folder)},
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
        try:
            if status := run_unit_tests("nice", "-n", "5"):
                print("The browser journeys were broken off.")
                return status
            print("Waiting for the browser journeys ...", flush=True)
            status = journeys.wait()
        finally:
            if journeys.poll() is None:
                os.killpg(journeys.pid, signal.SIGTERM)
            journeys.wait()
    print(said.read_text(), end="")
    return status


def main() -> int:
    wish = os.environ.get("JOURNEYS", "yes")
    if wish not in ("yes", "whole"):
        status = run_unit_tests()
        print(f"The browser journeys were left out, as JOURNEYS={wish}.")
        return status
    is_needed = run_journeys.CHROMIUM.exists() and "MEYDAN_E2E_URL" not in os.environ
    with tempfile.TemporaryDirectory(prefix="meydan-journeys-") as parent:
        folder = Path(parent) / "demo"
        with loading(folder) if is_needed else contextlib.nullcontext():
            if is_needed and "DATABASE_URL" not in os.environ:
                return run_both(folder)
            return run_unit_tests() or run_journeys.run(folder)


if __name__ == "__main__":
    raise SystemExit(main())
