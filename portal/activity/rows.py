"""Rows written many at a time, by statements that mean the same on SQLite and PostgreSQL.

The log and the ledger are written with every deed of a member, so a statement saved here is saved
everywhere. What Django's own `bulk_create` says as well is left to it.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from operator import attrgetter

from django.db import connection, connections, models

# SQLite takes 32,766 parameters a statement; no table here has more than 30 columns.
CHUNK = 1_000
# From so many rows on, one text is the cheaper way to PostgreSQL.
FEW = 8


class Bundle:
    """Statements of which nobody waits for an answer; `send` runs them in their order.

    PostgreSQL gets them in one message, so that three statements take the time of one.
    """

    def __init__(self) -> None:
        self._statements: list[tuple[str, list]] = []

    def add(self, statement: str, parameters: list) -> None:
        self._statements.append((statement, parameters))

    def send(self) -> None:
        statements, self._statements = self._statements, []
        if connection.vendor == "postgresql" and statements:
            text = "; ".join(statement for statement, _parameters in statements)
            statements = [(text, [one for _text, several in statements for one in several])]
        with connection.cursor() as cursor:
            for statement, parameters in statements:
                cursor.execute(statement, parameters)


def insert(rows: Sequence[models.Model]) -> None:
    """Insert rows and set their keys."""
    if not rows:
        return
    head, fields, whole = _insert_into(type(rows[0]))
    tail = f" RETURNING {rows[0]._meta.pk.column}"
    for part in _chunks(rows):
        keys = sorted(_insert(head, fields, [whole(row) for row in part], tail))
        for row, (pk,) in zip(part, keys, strict=True):
            row.pk = pk


def insert_missing(rows: Sequence[models.Model], *, unique: Sequence[str]) -> None:
    """Insert rows and set the pk of those that are new; what the database knows keeps pk None.

    `unique` are the attributes by which rows of this call differ; any unique key of the table
    counts as known.
    """
    if not rows:
        return
    model = type(rows[0])
    head, fields, whole = _insert_into(model)
    names = _columns(_fields(model, unique))
    tail = f" ON CONFLICT DO NOTHING RETURNING {model._meta.pk.column}, {names}"
    known = {tuple(getattr(row, name) for name in unique): row for row in rows}
    for part in _chunks(list(known.values())):
        for pk, *key in _insert(head, fields, [whole(row) for row in part], tail):
            known[tuple(key)].pk = pk


def insert_all(
    model: type[models.Model],
    names: Sequence[str],
    values: Sequence[Sequence],
    *,
    bundle: Bundle | None = None,
) -> None:
    """Insert plain values of the named attributes, at once or with a bundle; no keys come back."""
    fields = _fields(model, names)
    columns = _columns(fields)
    for part in _chunks(values):
        _put(f"INSERT INTO {model._meta.db_table} ({columns}) ", fields, part, bundle=bundle)


def take_numbers(model: type[models.Model], counts: Mapping[int, int]) -> dict[int, int]:
    """Raise the counters of `counts`' keys, each by its number, and return what they show now.

    Counters are taken in the order of their keys and stay locked until the commit; missing ones
    are made. A number that is not used in the end leaves a gap, which means nothing.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    fields = _fields(model, [model._meta.pk.name, "last_sequence"])
    head = f"INSERT INTO {table} ({key}, last_sequence) "
    tail = (
        f" ON CONFLICT ({key}) DO UPDATE SET"
        f" last_sequence = {table}.last_sequence + excluded.last_sequence"
        f" RETURNING {key}, last_sequence"
    )
    found: dict[int, int] = {}
    for part in _chunks(sorted(counts.items())):
        found.update(_insert(head, fields, part, tail))
    return found


def add_up(
    model: type[models.Model],
    rows: Mapping[tuple, Sequence],
    *,
    keys: Sequence[str],
    sums: Sequence[str],
    latest: Sequence[str] = (),
    bundle: Bundle | None = None,
) -> None:
    """Add to the rows named by `keys`, making them where missing, at once or with a bundle.

    `rows` maps the keys' values to those of `sums`, which are added, then of `latest`, of which
    the greater is kept.
    """
    table = model._meta.db_table
    changes = [f"{name} = {table}.{name} + excluded.{name}" for name in sums]
    changes += [
        f"{name} = CASE WHEN excluded.{name} > {table}.{name} THEN excluded.{name}"
        f" ELSE {table}.{name} END"
        for name in latest
    ]
    fields = _fields(model, [*keys, *sums, *latest])
    columns = _columns(fields)
    head = f"INSERT INTO {table} ({columns}) "
    tail = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changes)}"
    for part in _chunks([(*key, *more) for key, more in sorted(rows.items())]):
        _put(head, fields, part, tail, bundle=bundle)


def change_by_key(
    model: type[models.Model],
    names: Sequence[str],
    rows: Sequence[Sequence],
    *,
    changes: str = "",
    bundle: Bundle | None = None,
) -> None:
    """Update many rows together, each with values of its own, at once or with a bundle.

    Each of `rows` holds the primary key and then the values of `names`. In `changes` (the SQL
    after SET, where it is more than setting the names) they are `v.column2` and so on, and `t` is
    the row as it was.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    fields = _fields(model, [model._meta.pk.name, *names])
    if not changes:
        pairs = enumerate(fields[1:], 2)
        changes = ", ".join(f"{field.column} = v.column{n}" for n, field in pairs)
    head, tail = f"UPDATE {table} AS t SET {changes} FROM (", f") AS v WHERE t.{key} = v.column1"
    for part in _chunks(rows):
        _put(head, fields, part, tail, bundle=bundle)


def _fields(model: type[models.Model], names: Sequence[str]) -> list[models.Field]:
    return [
        field for name in names if isinstance(field := model._meta.get_field(name), models.Field)
    ]


def _columns(fields: Sequence[models.Field]) -> str:
    return ", ".join(str(field.column) for field in fields)


@cache
def _insert_into(
    model: type[models.Model],
) -> tuple[str, list[models.Field], Callable[[models.Model], tuple]]:
    """The beginning of the statement that inserts whole rows, its fields, and their values."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = _columns(fields)
    whole = attrgetter(*(field.attname for field in fields))
    return f"INSERT INTO {model._meta.db_table} ({columns}) ", fields, whole


def _put(
    head: str,
    fields: Sequence[models.Field],
    rows: Sequence[Sequence],
    tail: str = "",
    *,
    bundle: Bundle | None,
) -> None:
    """Run a statement around rows, or leave it to the bundle."""
    values, parameters = _values(fields, rows)
    sent = bundle or Bundle()
    sent.add(f"{head}{values}{tail}", parameters)
    if bundle is None:
        sent.send()


def _insert(
    head: str, fields: Sequence[models.Field], rows: Sequence[Sequence], tail: str
) -> list[tuple]:
    values, parameters = _values(fields, rows)
    with connection.cursor() as cursor:
        cursor.execute(f"{head}{values}{tail}", parameters)
        return cursor.fetchall()


def _values(fields: Sequence[models.Field], rows: Sequence[Sequence]) -> tuple[str, list]:
    """Rows as a query with the columns column1, column2 and so on, and its parameters.

    Many rows go to PostgreSQL as one JSON text: a statement with thousands of parameters is put
    together far more slowly than it is run.
    """
    if connection.vendor == "postgresql" and len(rows) >= FEW:
        columns = ", ".join(f"column{n} {_type(field)}" for n, field in enumerate(fields, 1))
        names = [f"column{n}" for n in range(1, len(fields) + 1)]
        text = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)
        return f"SELECT * FROM json_to_recordset(%s::json) AS r({columns})", [text]
    mark = f"({', '.join(['%s'] * len(fields))})"
    database = connections[connection.alias]
    values = [
        field.get_db_prep_save(value, database)
        for row in rows
        for field, value in zip(fields, row, strict=True)
    ]
    return "VALUES " + ", ".join([mark] * len(rows)), values


@cache
def _type(field: models.Field) -> str:
    """The field's type without its length: the column checks that, a cast would cut."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return (field.rel_db_type(connection) or "").split("(")[0]


def _chunks(rows: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
