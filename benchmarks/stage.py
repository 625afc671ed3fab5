"""A database of its own for figures and proofs, and the table and JSON in which they end.

The database in force is never written to: on SQLite a file in VAR_DIR, on PostgreSQL `test_<name>`
beside the one of DATABASE_URL. Durability, constraints and triggers are those of the real one.
"""

# ruff: noqa: E402 (Django is set up before anything of the portal is imported)
import fcntl
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
os.environ["RATE_LIMITS"] = "off"

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import (
    override_settings,
    setup_databases,
    setup_test_environment,
    teardown_databases,
    teardown_test_environment,
)
from django.utils import timezone

from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import forget_system_accounts
from badges.services.programs import publish
from portal.accounts.models import Member
from portal.activity import triggers
from tests.databases import close_other_sessions, drop_copy, schema_digest, use_copy

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
STATIC = "django.contrib.staticfiles.storage.StaticFilesStorage"


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Migrate an empty database, or copy one that was, use it, drop it."""
    storages = settings.STORAGES | {"staticfiles": {"BACKEND": STATIC}}
    print(f"Preparing an empty database on {engine()} ...", flush=True)
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    setup_test_environment(debug=False)
    try:
        with empty_file(name) if connection.vendor == "sqlite" else empty_database(name):
            forget_system_accounts()
            triggers.install_triggers()
            with override_settings(STORAGES=storages, ACTIVITY_CONSUMERS_RAISE=True):
                yield
    finally:
        teardown_test_environment()


@contextmanager
def empty_file(name: str) -> Iterator[None]:
    target = settings.VAR_DIR / f"{name}.sqlite3"
    former = use_copy(target)
    try:
        yield
    finally:
        drop_copy(target, former)


@contextmanager
def empty_database(name: str) -> Iterator[None]:
    options = connection.settings_dict["TEST"]
    options["TEMPLATE"] = template()
    options["NAME"] = f"test_{name}"
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        close_other_sessions()
        teardown_databases(databases, verbosity=0)


def template() -> str:
    """The database on PostgreSQL that was migrated once for this schema; others are dropped."""
    name = f"test_stage_{schema_digest()}"
    with (settings.VAR_DIR / "stage.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connection.cursor() as cursor:
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'test_stage_%%'")
            known = {row[0] for row in cursor.fetchall()}
            for former in known - {name}:
                cursor.execute(f"DROP DATABASE IF EXISTS {former}")
        if name not in known:
            former = connection.settings_dict["NAME"]
            connection.settings_dict["TEST"]["NAME"] = name
            setup_databases(verbosity=0, interactive=False)
            connection.close()
            connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = former
    return name


def engine() -> str:
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[connection.vendor]


def engines() -> list[str]:
    """SQLite always, and PostgreSQL where DATABASE_URL names one."""
    address = os.environ.get("DATABASE_URL", "")
    return [SQLITE, POSTGRESQL] if address.startswith("postgres") else [SQLITE]


def environment_of(engine: str) -> dict[str, str]:
    """The environment of a process that is to use one of the engines."""
    environment = {"LOG_LEVEL": "ERROR", **os.environ}
    if engine == SQLITE:
        environment.pop("DATABASE_URL", None)
    return environment


def publish_rules(**verbs: str) -> None:
    """Publish a programme in which each code pays ten points for its verb."""
    rules = [
        {"code": code, "verb": verb, "award": {"currency": "points", "amount": 10}}
        for code, verb in verbs.items()
    ]
    publish(document={**EMPTY_PROGRAM, "rules": rules})


def get(client: Client, path: str) -> None:
    """Open a page, which must be there."""
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")


def make_members(count: int, stem: str = "member") -> list[Member]:
    """Members who can do everything but log in with a password."""
    rows = [
        Member(handle=f"{stem}-{n}", name=stem, email=f"{stem}-{n}@example.com", password="!")
        for n in range(count)
    ]
    return Member.objects.bulk_create(rows)


def commit() -> str:
    """The commit that is measured, with a mark where the files are not those of it."""
    command = ["git", "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"]
    run = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True)
    return run.stdout.strip() or "unknown"


def report(name: str, rows: list[dict], **about: object) -> None:
    """Print the rows as a table and write them, with where they were measured, to VAR_DIR."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    lines = [columns, *([_shown(row.get(column, "")) for column in columns] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(columns))]
    print()
    for line in lines:
        cells = zip(line, widths, strict=True)
        print("  ".join(cell.ljust(width) for cell, width in cells).rstrip())
    path = settings.VAR_DIR / f"{name}.json"
    where = {"engine": engine(), "python": platform.python_version(), "cores": os.cpu_count()}
    where |= {"commit": commit(), "at": f"{timezone.now():%Y-%m-%d %H:%M}", **about}
    text = json.dumps({"where": where, "rows": rows}, indent=2)
    path.write_text(f"{text}\n", encoding="utf-8")
    print(f"\nWritten to {path}")


def _shown(value: object) -> str:
    if not isinstance(value, float):
        return str(value)
    return f"{value:.2f}" if abs(value) < 10 else f"{value:,.1f}"
