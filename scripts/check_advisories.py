"""Ask pip-audit whether a locked requirement has a known vulnerability.

    .venv/bin/python scripts/check_advisories.py [--needed]

Found ones fail. Where the advisory service does not answer, or does not know the packages, that is
said and nothing fails, as a machine without it must be able to run the checks; with `--needed`
(`make audit`) that fails too. pip-audit alone would call such a run clean.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-prod.txt", "requirements-dev.txt")
AUDIT = ("--disable-pip", "--require-hashes", "--progress-spinner", "off", "--format", "json")
# Seconds for one request, and for all of them.
TIMEOUT, PATIENCE = 5, 120


def main(arguments: Sequence[str]) -> int:
    """Print what was found; exit status 1 for a vulnerability, or for no answer where needed."""
    wanted, answer = pinned(), ask()
    asked = {(canonicalize_name(one["name"]), one.get("version")) for one in answer}
    if found := sorted(vulnerabilities(answer)):
        print("\n".join(found))
        return 1
    if missing := len(wanted - asked):
        print(
            f"Advisories: {missing} of {len(wanted)} locked packages could not be looked up from "
            "here. Run `make audit` where the advisory service answers, at least before a release."
        )
        return 1 if "--needed" in arguments else 0
    print(f"Advisories: none for {len(wanted)} locked packages.")
    return 0


def pinned() -> set[tuple[str, str]]:
    """Name and version of everything that the locks pin."""
    lines = [line for lock in LOCKS for line in (ROOT / lock).read_text().splitlines()]
    pins = [line.split()[0].split("==") for line in lines if line[:1].isalnum() and "==" in line]
    return {(canonicalize_name(name.partition("[")[0]), version) for name, version in pins}


def ask() -> list[dict[str, Any]]:
    """What pip-audit says of each package; empty where it cannot say anything."""
    locks = [part for lock in LOCKS for part in ("-r", str(ROOT / lock))]
    command = [sys.executable, "-m", "pip_audit", *AUDIT, "--timeout", str(TIMEOUT), *locks]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
        return json.loads(run.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        return []


def vulnerabilities(answer: list[dict[str, Any]]) -> list[str]:
    """A line for each: package, version, names of the advisory, versions that mend it."""
    return [
        f"{one['name']} {one['version']}: {', '.join([flaw['id'], *flaw['aliases']])}; "
        f"mended in {', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in answer
        for flaw in one.get("vulns", [])
    ]


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
