"""Values on their way into a statement, on SQLite and PostgreSQL."""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property, partial
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

    Many rows go to PostgreSQL as one JSON text: a statement with thousands of parameters is put
    together far more slowly than it is run.
    """
    if len(rows) >= FEW and connection.vendor == "postgresql":
        return _as_text(shape, rows)
    values = [value for row in rows for value in row]
    for n, way in shape.ways:
        for place in range(n, len(values), len(shape.fields)):
            values[place] = way(values[place])
    return "VALUES " + ", ".join([shape.mark] * len(rows)), values


def listed(values: Sequence[str]) -> tuple[str, list]:
    """Texts as a table `listed` with the one column `text`, and its parameter."""
    parameters = [json.dumps(list(values))]
    if connection.vendor == "postgresql":
        return "json_array_elements_text(%s::json) AS listed(text)", parameters
    return "(SELECT value AS text FROM json_each(%s)) AS listed", parameters


def _as_text(shape: Shape, rows: Sequence[Sequence]) -> tuple[str, list]:
    """What differs from row to row as one text; what all rows share is said once."""
    columns, fields, types = list(zip(*rows, strict=True)), shape.fields, shape.types
    shared = {
        n: columns[n][0]
        for n, field in enumerate(fields)
        if isinstance(field, PLAIN) and len(set(columns[n])) == 1
    }
    varied = [n for n in range(len(fields)) if n not in shared] or [0]
    names = [f"column{n + 1}" for n in varied]
    parts = zip(*(columns[n] for n in varied), strict=True)
    text = json.dumps([dict(zip(names, row, strict=True)) for row in parts], default=str)
    said = ", ".join(
        f"%s::{types[n]} AS column{n + 1}" if n in shared else f"column{n + 1}"
        for n in range(len(fields))
    )
    read = ", ".join(f"column{n + 1} {types[n]}" for n in varied)
    return (
        f"SELECT {said} FROM json_to_recordset(%s::json) AS r({read})",
        [*shared.values(), text],
    )


def _type(field: models.Field) -> str:
    """The field's type without its length: the column checks that, a cast would cut."""
    while isinstance(field, models.ForeignKey):
        field = field.target_field
    return (field.rel_db_type(connection) or "").split("(")[0]
