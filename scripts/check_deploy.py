"""Prove that the production settings boot with what a server sets, and refuse what is unsafe."""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[1]
# What docs/operations.md tells an operator to set. Nothing answers at these addresses: checks do
# not connect.
SERVER = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "kept-by-the-server-alone-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH",
    "CREDENTIAL_KEY": "signs-badges-and-nothing-else-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDE",
    "ALLOWED_HOSTS": "community.example.com",
    "PUBLIC_URL": "https://community.example.com",
    "DATABASE_URL": "postgres://meydan:secret@database.example.com:5432/meydan",
    "REDIS_URL": "redis://cache.example.com:6379/0",
    "EMAIL_HOST": "mail.example.com",
    "DEFAULT_FROM_EMAIL": "Community <hello@example.com>",
}
# Every error alone keeps the portal from starting, so one run may be wrong in many ways at once:
# the settings that differ (None takes one away) and the words that each is refused with.
REFUSED = [
    (
        {
            "DATABASE_URL": None,
            "REDIS_URL": None,
            "RATE_LIMITS": "off",
            "SECRET_KEY": "short",
            "CREDENTIAL_KEY": "short",
            "ALLOWED_HOSTS": "*",
            "PUBLIC_URL": "http://community.example.com",
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "TRUSTED_PROXIES": "0.0.0.0/0",
            "SECURE_SSL_REDIRECT": "off",
            "SECURE_HSTS_SECONDS": "0",
        },
        [
            "(portal.E011) The database is SQLite.",
            "(portal.E012) REDIS_URL is not set",
            "(portal.E013) RATE_LIMITS is off.",
            "(portal.E014) SECRET_KEY is shorter than 50 characters.",
            "(portal.E015) ALLOWED_HOSTS is empty or allows every name.",
            "(portal.E016) PUBLIC_URL is 'http://community.example.com'",
            "(portal.E017) EMAIL_BACKEND is django.core.mail.backends.filebased.EmailBackend",
            "(portal.E018) CREDENTIAL_KEY is shorter than 50 characters.",
            "(portal.E019) TRUSTED_PROXIES is",
            "SECURE_SSL_REDIRECT",
            "SECURE_HSTS_SECONDS",
        ],
    ),
    (
        {"SECRET_KEY": None, "CREDENTIAL_KEY": None, "ALLOWED_HOSTS": None, "PUBLIC_URL": None},
        [
            "(portal.E014) SECRET_KEY is shorter than 50 characters.",
            "(portal.E015) ALLOWED_HOSTS is empty or allows every name.",
            "(portal.E016) PUBLIC_URL is ''",
            "(portal.E018) CREDENTIAL_KEY is shorter than 50 characters.",
        ],
    ),
]


def main() -> int:
    """Run the checks once as they should be and once for each set of unsafe settings."""
    with TemporaryDirectory() as folder:
        safe = _check({}, folder)
        unsafe = [(_check(change, folder), change, words) for change, words in REFUSED]
    failures = []
    if safe.returncode:
        failures.append(f"The production settings do not pass check --deploy:\n{safe.stderr}")
    for run, change, sentences in unsafe:
        missing = [words for words in sentences if words not in run.stderr]
        if not run.returncode:
            failures.append(f"Production starts with {change}, which is unsafe.")
        elif missing or "Traceback" in run.stderr:
            failures.append(f"{change} is refused without saying {missing}:\n{run.stderr}")
    print("\n".join(failures) or "Production boots as documented and refuses what is unsafe.")
    return 1 if failures else 0


def _check(change: dict[str, str | None], folder: str) -> subprocess.CompletedProcess:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "HOME") if name in os.environ}
    environment = {**kept, **SERVER, "VAR_DIR": folder, **change}
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={name: value for name, value in environment.items() if value is not None},
        capture_output=True,
        text=True,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
