"""Values on their way into a statement, on SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
from typing import Any

from django.db import connection, connections, models

# From so many rows on, arrays are the cheaper way to PostgreSQL.
FEW = 8
# What its driver takes as it is.
PLAIN = (
    models.CharField,
    models.IntegerField,
    models.BooleanField,
    models.DateField,
    models.ForeignKey,
)


class Shape:
    """The columns that rows have, and what is known of them once for all."""

    def __init__(self, fields: Iterable[models.Field]) -> None:
        self.fields = tuple(fields)
        self.columns = ", ".join(str(field.column) for field in self.fields)

    @cached_property
    def types(self) -> list[str]:
        return [_type(field) for field in self.fields]

    @cached_property
    def mark(self) -> str:
        """The place of a row in a statement."""
        casts = connection.vendor == "postgresql"
        marks = [f"%s::{name}" if casts else "%s" for name in self.types]
        return f"({', '.join(marks)})"

    @cached_property
    def ways(self) -> list[tuple[int, Callable[[Any], Any]]]:
        """For each value that cannot go as it is: its place, and how it becomes a parameter."""
        return [
            (n, partial(field.get_db_prep_save, connection=connections[connection.alias]))
            for n, field in enumerate(self.fields)
            if connection.vendor != "postgresql" or not isinstance(field, PLAIN)
        ]


def values_of(shape: Shape, rows: Sequence[Sequence]) -> tuple[str, list]:
    """Rows as a query with the columns column1, column2 and so on, and its parameters.

    Many rows go to PostgreSQL as one array a column: a statement with thousands of parameters is
    put together far more slowly than it is run.
    """
    if len(rows) >= FEW and connection.vendor == "postgresql":
        return _as_arrays(shape, rows)
    values = [value for row in rows for value in row]
    for n, way in shape.ways:
        for place in range(n, len(values), len(shape.fields)):
            values[place] = way(values[place])
    return "VALUES " + ", ".join([shape.mark] * len(rows)), values


def listed(values: Sequence[str]) -> tuple[str, list]:
    """Texts as a table `listed` with the one column `text`, and its parameter."""
    if connection.vendor == "postgresql":
        return "unnest(%s::text[]) AS listed(text)", [_array_of_texts(values)]
    return "(SELECT value AS text FROM json_each(%s)) AS listed", [json.dumps(list(values))]


def is_among(column: str, numbers: Sequence[int]) -> tuple[str, list]:
    """The condition that a column holds one of some numbers, and its parameters."""
    if len(numbers) >= FEW and connection.vendor == "postgresql":
        return f"{column} = ANY (%s::bigint[])", [_array_of_numbers(numbers)]
    return f"{column} IN ({', '.join(['%s'] * len(numbers))})", list(numbers)


def _as_arrays(shape: Shape, rows: Sequence[Sequence]) -> tuple[str, list]:
    """What differs from row to row as an array a column; what all rows share is said once."""
    columns, fields, types = list(zip(*rows, strict=True)), shape.fields, shape.types
    ways = dict(shape.ways)
    shared = {n: columns[n][0] for n in range(len(fields)) if _is_one(fields[n], columns[n])}
    varied = [n for n in range(len(fields)) if n not in shared] or [0]
    said = ", ".join(
        f"%s::{types[n]} AS column{n + 1}" if n in shared else f"column{n + 1}"
        for n in range(len(fields))
    )
    arrays = ", ".join(f"%s::{types[n]}[]" for n in varied)
    names = ", ".join(f"column{n + 1}" for n in varied)
    return (
        f"SELECT {said} FROM unnest({arrays}) AS r({names})",
        [
            *(ways[n](value) if n in ways else value for n, value in shared.items()),
            *(_array(fields[n], columns[n]) for n in varied),
        ],
    )


def _is_one(field: models.Field, column: Sequence[Any]) -> bool:
    """Whether all rows have the same value; of what has no hash, the very same object."""
    return len(set(column if isinstance(field, PLAIN) else map(id, column))) == 1


def _array(field: models.Field, values: Sequence[Any]) -> str:
    """A column as PostgreSQL writes arrays."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    if isinstance(field, models.IntegerField | models.BooleanField):
        return _array_of_numbers(values)
    if isinstance(field, models.JSONField):
        return _array_of_texts(_as_json(field, values))
    return _array_of_texts([one if one is None else str(one) for one in values])


def _as_json(field: models.JSONField, values: Sequence[Any]) -> list[str | None]:
    """What several rows share is encoded once."""
    texts: dict[int, str | None] = {id(None): None}
    for one in values:
        if id(one) not in texts:
            texts[id(one)] = json.dumps(one, cls=field.encoder)
    return [texts[id(one)] for one in values]


def _array_of_numbers(values: Sequence[int | None]) -> str:
    return f"{{{','.join(map(str, values)).replace('None', 'NULL')}}}"


def _array_of_texts(values: Sequence[str | None]) -> str:
    return f"{{{','.join(['NULL' if one is None else _quoted(one) for one in values])}}}"


def _quoted(text: str) -> str:
    if "\\" in text:
        text = text.replace("\\", "\\\\")
    if '"' in text:
        text = text.replace('"', '\\"')
    return f'"{text}"'


def _type(field: models.Field) -> str:
    """The field's type without its length: the column checks that, a cast would cut."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return (field.rel_db_type(connection) or "").split("(")[0]
