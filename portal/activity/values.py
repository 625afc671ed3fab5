"""Values on their way into a statement, on SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Sequence
from functools import cache, partial
from typing import Any

from django.db import connection, connections, models

# From so many rows on, one text is the cheaper way to PostgreSQL.
FEW = 8
# What its driver takes as it is.
PLAIN = (
    models.CharField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.ForeignKey,
)
Fields = tuple[models.Field, ...]


def values_of(fields: Fields, rows: Sequence[Sequence]) -> tuple[str, list]:
    """Rows as a query with the columns column1, column2 and so on, and its parameters.

    Many rows go to PostgreSQL as one JSON text: a statement with thousands of parameters is put
    together far more slowly than it is run.
    """
    vendor = connection.vendor
    if vendor == "postgresql" and len(rows) >= FEW:
        return _as_text(fields, rows)
    mark, ways = _ways(fields, vendor)
    values = [value for row in rows for value in row]
    for n, way in ways:
        for place in range(n, len(values), len(fields)):
            values[place] = way(values[place])
    return "VALUES " + ", ".join([mark] * len(rows)), values


def listed(values: Sequence[str]) -> tuple[str, list]:
    """Texts as a table `listed` with the one column `text`, and its parameter."""
    parameters = [json.dumps(list(values))]
    if connection.vendor == "postgresql":
        return "json_array_elements_text(%s::json) AS listed(text)", parameters
    return "(SELECT value AS text FROM json_each(%s)) AS listed", parameters


def _as_text(fields: Fields, rows: Sequence[Sequence]) -> tuple[str, list]:
    """What differs from row to row as one text; what all rows share is said once."""
    columns = list(zip(*rows, strict=True))
    shared = {
        n: columns[n][0]
        for n, field in enumerate(fields)
        if isinstance(field, PLAIN) and len(set(columns[n])) == 1
    }
    varied = [n for n in range(len(fields)) if n not in shared] or [0]
    names = [f"column{n + 1}" for n in varied]
    parts = zip(*(columns[n] for n in varied), strict=True)
    text = json.dumps([dict(zip(names, row, strict=True)) for row in parts], default=str)
    types = _types(fields)
    said = ", ".join(
        f"%s::{types[n]} AS column{n + 1}" if n in shared else f"column{n + 1}"
        for n in range(len(fields))
    )
    read = ", ".join(f"column{n + 1} {types[n]}" for n in varied)
    return (
        f"SELECT {said} FROM json_to_recordset(%s::json) AS r({read})",
        [*shared.values(), text],
    )


@cache
def _ways(fields: Fields, vendor: str) -> tuple[str, list[tuple[int, Callable[[Any], Any]]]]:
    """The place of a row, and for each value that cannot go as it is how it becomes a parameter."""
    marks = [f"%s::{name}" if vendor == "postgresql" else "%s" for name in _types(fields)]
    mark = f"({', '.join(marks)})"
    ways: list[tuple[int, Callable[[Any], Any]]] = [
        (n, partial(field.get_db_prep_save, connection=connections[connection.alias]))
        for n, field in enumerate(fields)
        if vendor != "postgresql" or not isinstance(field, PLAIN)
    ]
    return mark, ways


@cache
def _types(fields: Fields) -> list[str]:
    return [_type(field) for field in fields]


def _type(field: models.Field) -> str:
    """The field's type without its length: the column checks that, a cast would cut."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return (field.rel_db_type(connection) or "").split("(")[0]
