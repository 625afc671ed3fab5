"""The check of advisories, beside a pip-audit that answers as told."""

import json
import os
import subprocess
import sys

import pytest

from scripts.check_advisories import ROOT, pinned

CLEAN = [{"name": name, "version": version, "vulns": []} for name, version in sorted(pinned())]
FLAW = {"id": "PYSEC-1", "aliases": ["CVE-2026-1"], "fix_versions": ["9.9"]}
UNSAFE = [*CLEAN[1:], {**CLEAN[0], "vulns": [FLAW]}]
UNKNOWN = [{"name": name, "skip_reason": "not found"} for name, _version in sorted(pinned())]


@pytest.fixture
def check(tmp_path):
    """Run the check where pip-audit says `answer`."""

    def run(answer: object, *arguments: str) -> subprocess.CompletedProcess:
        (tmp_path / "pip_audit").mkdir()
        said = json.dumps({"dependencies": answer}) if isinstance(answer, list) else answer
        (tmp_path / "pip_audit" / "__main__.py").write_text(f"print({said!r})")
        (tmp_path / "pip_audit" / "__init__.py").touch()
        command = [sys.executable, str(ROOT / "scripts/check_advisories.py"), *arguments]
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    return run


def test_vulnerability_fails_and_is_named_with_the_version_that_mends_it(check):
    done = check(UNSAFE)

    name, version = CLEAN[0]["name"], CLEAN[0]["version"]
    assert done.returncode == 1
    assert done.stdout == f"{name} {version}: PYSEC-1, CVE-2026-1; mended in 9.9\n"


def test_clean_answer_says_how_many_were_looked_up(check):
    done = check(CLEAN, "--needed")

    assert (done.returncode, done.stdout) == (
        0,
        f"Advisories: none for {len(CLEAN)} locked packages.\n",
    )


@pytest.mark.parametrize("answer", [UNKNOWN, CLEAN[1:], "no answer"])
def test_what_could_not_be_looked_up_is_never_called_clean(check, answer):
    done = check(answer)

    assert done.returncode == 0
    assert "could not be looked up from here. Run `make audit`" in done.stdout


def test_release_needs_an_answer(check):
    assert check(UNKNOWN, "--needed").returncode == 1
