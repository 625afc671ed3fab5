"""Append-only tables, held by the database itself on SQLite and PostgreSQL (invariant I3)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

FUNCTION = "meydan_refuse_change"


@dataclass(frozen=True)
class AppendOnly:
    """A table that refuses UPDATE and DELETE, but for columns that may be set once from null."""

    table: str
    set_once: tuple[str, ...] = ()


_tables: dict[str, AppendOnly] = {}


def register_append_only(table: str, set_once: Iterable[str] = ()) -> None:
    """Ask for triggers on `table`; `set_once` columns may go from null to a value, never on."""
    _tables[table] = AppendOnly(table, tuple(set_once))


def install_triggers() -> None:
    """Put up every missing trigger whose table exists; may be run at any time."""
    existing = set(connection.introspection.table_names())
    for rule in _tables.values():
        if rule.table in existing:
            _install(rule)


def drop_triggers() -> None:
    """Take all of them down, for the tests' flush alone."""
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for rule in _tables.values():
            if rule.table in existing:
                for name in _names(rule):
                    suffix = f" ON {rule.table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{suffix}")


def missing_triggers() -> list[str]:
    """Names of triggers that should stand and do not."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {row[0] for row in cursor.fetchall()}
    return sorted(
        name for rule in _tables.values() for name in _names(rule) if name not in standing
    )


def _names(rule: AppendOnly) -> list[str]:
    names = [f"{rule.table}_no_update", f"{rule.table}_no_delete"]
    return [*names, f"{rule.table}_no_truncate"] if connection.vendor == "postgresql" else names


def _install(rule: AppendOnly) -> None:
    statements = _sqlite(rule) if connection.vendor == "sqlite" else _postgresql(rule)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _may_change(rule: AppendOnly, differs: str) -> str:
    """SQL that is true when a row changes in a way it must not."""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, rule.table)
    frozen = [column.name for column in description if column.name not in rule.set_once]
    tests = [f"NEW.{name} {differs} OLD.{name}" for name in frozen]
    tests += [
        f"(OLD.{name} IS NOT NULL AND NEW.{name} {differs} OLD.{name})" for name in rule.set_once
    ]
    return " OR ".join(tests)


def _sqlite(rule: AppendOnly) -> list[str]:
    table = rule.table
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    when = f"WHEN {_may_change(rule, 'IS NOT')} " if rule.set_once else ""
    wanted = {
        f"{table}_no_update": f"BEFORE UPDATE ON {table} {when}{refuse}",
        f"{table}_no_delete": f"BEFORE DELETE ON {table} {refuse}",
    }
    statements = []
    for name, text in wanted.items():
        create = f"CREATE TRIGGER {name} {text}"
        if _standing_on_sqlite(name) != create:
            statements += [f"DROP TRIGGER IF EXISTS {name}", create]
    return statements


def _standing_on_sqlite(name: str) -> str:
    """The statement that made a trigger, or nothing.

    One that stands as it should is left alone: after a change of the schema SQLite reads all of it
    again, at every rollback of the transaction and in every other connection.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = %s", [name])
        found = cursor.fetchone()
    return found[0] if found else ""


def _postgresql(rule: AppendOnly) -> list[str]:
    table = rule.table
    when = f"WHEN ({_may_change(rule, 'IS DISTINCT FROM')}) " if rule.set_once else ""
    run = f"EXECUTE FUNCTION {FUNCTION}()"
    return [
        f"CREATE OR REPLACE FUNCTION {FUNCTION}() RETURNS trigger AS $$ BEGIN "
        "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; "
        "END $$ LANGUAGE plpgsql",
        f"DROP TRIGGER IF EXISTS {table}_no_update ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_delete ON {table}",
        f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}",
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}{run}",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {run}",
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} {run}",
    ]
