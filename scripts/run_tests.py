"""Run the unit tests and then the browser journeys.

    .venv/bin/python -m scripts.run_tests

TEST_WORKERS processes (2) share either. JOURNEYS=no leaves the journeys out, JOURNEYS=whole takes
also those that go another's way in the other language or on the other screen. Their demo community
is loaded while the unit tests run: one process loads it, and two cores would wait for it otherwise.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from scripts import run_journeys
from tests.e2e.demo import ROOT, loading


def run_unit_tests() -> int:
    workers = os.environ.get("TEST_WORKERS", "2")
    command = [sys.executable, "-m", "pytest", "-n", workers]
    # Modules go to the processes in the order of tests/conftest.py.
    command += ["--dist", "loadscope", "--no-loadscope-reorder"]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


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
            if status := run_unit_tests():
                return status
            return run_journeys.run(folder)


if __name__ == "__main__":
    raise SystemExit(main())
