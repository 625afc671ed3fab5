"""A migrated SQLite file, made once and copied for every worker of the suite.

Some hundred migrations cost each worker as long as its tests do. The file is kept in VAR_DIR under
the digest of everything that makes the schema, so that a second run has it at once.
"""

import fcntl
import hashlib
import shutil
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection, transaction

from portal.activity import triggers

PACKAGES = ("portal", "community", "events", "badges", "knowledgebase")
MAKES_SCHEMA = ("apps.py", "triggers.py", "base.py", "test.py")


def schema_digest() -> str:
    """A digest of the models, migrations, triggers, settings and locked requirements."""
    files = [
        path
        for package in PACKAGES
        for path in (settings.BASE_DIR / package).rglob("*.py")
        if {"models", "migrations"} & set(path.parts) or path.name in MAKES_SCHEMA
    ]
    digest = hashlib.sha256()
    for path in sorted([*files, settings.BASE_DIR / "requirements.txt", Path(__file__)]):
        digest.update(f"{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def migrated_file() -> Path:
    """The path of an up-to-date template; the first worker makes it, the others wait."""
    folder = Path(settings.VAR_DIR) / "test-databases"
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / f"{schema_digest()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for former in folder.glob("*.sqlite3*"):
                former.unlink()
            _migrate(template)
    return template


def use_copy(target: Path) -> str:
    """Point the default connection at a fresh copy of the template; return what it used before."""
    shutil.copyfile(migrated_file(), target)
    former = connection.settings_dict["NAME"]
    _use(target)
    return former


def drop_copy(target: Path, former: str) -> None:
    """Point the default connection back at `former` and remove the copy."""
    _use(former)
    for suffix in ("", "-wal", "-shm"):
        Path(f"{target}{suffix}").unlink(missing_ok=True)


def read_first_rows() -> dict[str, tuple[list[str], list[tuple]]]:
    """What migrations brought in (languages, root page, permissions): columns and rows by table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            if rows := cursor.fetchall():
                found[table] = ([column[0] for column in cursor.description], rows)
    return found


@transaction.atomic
def put_back(first_rows: dict[str, tuple[list[str], list[tuple]]]) -> None:
    """Bring them in again after a flush, under the ids that they had."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, (columns, rows) in first_rows.items():
            names = ", ".join(map(quote, columns))
            places = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {quote(table)} ({names}) VALUES ({places})"
            cursor.executemany(sql, rows)
        everything = apps.get_models(include_auto_created=True)
        for statement in connection.ops.sequence_reset_sql(no_style(), everything):
            cursor.execute(statement)


def close_other_sessions() -> None:
    """End what threads of the suite left open on PostgreSQL, so that the database can go."""
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")


def database_url() -> str:
    """The address of the database in use, for a process of its own."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    who = f"{known['USER']}:{known['PASSWORD']}".rstrip(":")
    return f"postgres://{who}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


def _migrate(template: Path) -> None:
    draft = template.with_suffix(".draft")
    for suffix in ("", "-wal", "-shm"):
        Path(f"{draft}{suffix}").unlink(missing_ok=True)
    former = connection.settings_dict["NAME"]
    _use(draft)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        triggers.install_triggers()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        _use(former)
    draft.rename(template)


def _use(name: Path | str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = str(name)
