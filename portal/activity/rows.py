"""Rows written many at a time, by statements that mean the same on SQLite and PostgreSQL.

The log and the ledger are written with every deed of a member, so a statement saved here is saved
everywhere. What Django's own `bulk_create` says as well is left to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from operator import itemgetter
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

from portal.activity.bundles import Answer, Bundle
from portal.activity.values import Shape, values_of

# SQLite takes 32,766 parameters a statement; no table here has more than 30 columns.
CHUNK = 1_000
Row = TypeVar("Row", bound=models.Model)


def new(model: type[Row], **values: Any) -> Row:
    """A row to be inserted, like `model(**values)` but made the short way, without signals.

    Every key is given by its attribute (`member_id`) or by the related object (`member`), which is
    then there without a query. Raises TypeError for a name that the model does not have.
    """
    blank, makers, relations = _plan(model, tuple(values))
    row, state = object.__new__(model), ModelState()
    known = row.__dict__
    known["_state"] = state
    known.update(blank)
    for name, make in makers:
        known[name] = make()
    for name, attribute, key in relations:
        related = state.fields_cache[name] = values.pop(name)
        known[attribute] = None if related is None else getattr(related, key)
    known.update(values)
    return row


def insert(
    rows: Sequence[models.Model], *, keys: Sequence[int] = (), bundle: Bundle | None = None
) -> None:
    """Insert rows and set their keys: at once, or with a bundle under `keys` that were reserved.

    Keys that are too few are left alone; then the database gives them now.
    """
    if not rows:
        return
    model = type(rows[0])
    if bundle is not None and len(keys) >= len(rows):
        _head, shape, whole = _insert_into(model)
        names = [model._meta.pk.attname, *(field.attname for field in shape.fields)]
        values = []
        for row, pk in zip(rows, keys, strict=False):
            row.pk = pk
            values.append((pk, *whole(row)))
        insert_all(model, names, values, bundle=bundle)
        return
    head, shape, whole = _insert_into(model)
    tail = f" RETURNING {model._meta.pk.column}"
    for part in _chunks(rows):
        given = sorted(_ask(head, shape, [whole(row) for row in part], tail).rows)
        for row, (pk,) in zip(part, given, strict=True):
            row.pk = pk


def reserve_keys(model: type[models.Model], count: int, bundle: Bundle) -> Answer | None:
    """Ask for so many keys of rows to come; None where only an insert gives them (SQLite)."""
    if connection.vendor != "postgresql" or not count:
        return None
    sequence = f"pg_get_serial_sequence('{model._meta.db_table}', '{model._meta.pk.column}')"
    return bundle.ask(f"SELECT nextval({sequence}) FROM generate_series(1, %s::int)", [count])


def insert_missing(
    rows: Sequence[models.Model], *, unique: Sequence[str], bundle: Bundle | None = None
) -> None:
    """Insert rows and set the pk of those that are new; what the database knows keeps pk None.

    `unique` are the attributes by which rows of this call differ; any unique key of the table
    counts as known. With a bundle, keys are set when it is sent.
    """
    if not rows:
        return
    model = type(rows[0])
    head, shape, whole = _insert_into(model)
    names = _shape(model, tuple(unique)).columns
    tail = f" ON CONFLICT DO NOTHING RETURNING {model._meta.pk.column}, {names}"
    columns = [[getattr(row, name) for row in rows] for name in unique]
    known = dict(zip(zip(*columns, strict=True), rows, strict=True))
    sent = bundle or Bundle()
    for part in _chunks(list(known.values())):
        answer = _ask(head, shape, [whole(row) for row in part], tail, bundle=sent)
        sent.then(partial(_set_keys, known, answer))
    if bundle is None:
        sent.send()


def _set_keys(known: Mapping[tuple, models.Model], answer: Answer) -> None:
    for pk, *key in answer.rows:
        known[tuple(key)].pk = pk


def insert_all(
    model: type[models.Model],
    names: Sequence[str],
    values: Sequence[Sequence],
    *,
    bundle: Bundle | None = None,
) -> None:
    """Insert plain values of the named attributes, at once or with a bundle; no keys come back."""
    shape = _shape(model, tuple(names))
    head = f"INSERT INTO {model._meta.db_table} ({shape.columns}) "
    for part in _chunks(values):
        _put(head, shape, part, bundle=bundle)


def take_numbers(model: type[models.Model], counts: Mapping[int, int]) -> dict[int, int]:
    """The same as `ask_numbers`, at once: what the counters show now."""
    return dict(ask_numbers(model, counts, Bundle()).rows)


def ask_numbers(model: type[models.Model], counts: Mapping[int, int], bundle: Bundle) -> Answer:
    """Raise the counters of `counts`' keys, each by its number; (key, what it shows now) returns.

    Counters are taken in the order of their keys and stay locked until the commit; missing ones
    are made. A number that is not used in the end leaves a gap, which means nothing.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    shape = _shape(model, (model._meta.pk.name, "last_sequence"))
    head = f"INSERT INTO {table} ({key}, last_sequence) "
    tail = (
        f" ON CONFLICT ({key}) DO UPDATE SET"
        f" last_sequence = {table}.last_sequence + excluded.last_sequence"
        f" RETURNING {key}, last_sequence"
    )
    answer = Answer(bundle)
    for part in _chunks(sorted(counts.items())):
        _ask(head, shape, part, tail, bundle=bundle, answer=answer)
    return answer


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
    shape = _shape(model, (*keys, *sums, *latest))
    head = f"INSERT INTO {table} ({shape.columns}) "
    tail = f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {', '.join(changes)}"
    for part in _chunks([(*key, *more) for key, more in sorted(rows.items())]):
        _put(head, shape, part, tail, bundle=bundle)


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
    shape = _shape(model, (model._meta.pk.name, *names))
    if not changes:
        pairs = enumerate(shape.fields[1:], 2)
        changes = ", ".join(f"{field.column} = v.column{n}" for n, field in pairs)
    head, tail = f"UPDATE {table} AS t SET {changes} FROM (", f") AS v WHERE t.{key} = v.column1"
    for part in _chunks(rows):
        _put(head, shape, part, tail, bundle=bundle)


@cache
def _plan(
    model: type[models.Model], names: tuple[str, ...]
) -> tuple[dict[str, Any], list[tuple[str, Callable]], list[tuple[str, str, str]]]:
    """How a row is made of values of these names.

    That is: the model's attributes with their defaults, those among the rest whose default is made
    each time, and each related object's name with the attribute of its key, here and there.
    """
    fields = model._meta.concrete_fields
    relations = [
        (field.name, field.attname, field.target_field.attname)
        for field in fields
        if isinstance(field, models.ForeignKey) and field.name in names
    ]
    known = {field.attname for field in fields} | {name for name, *_ in relations}
    if unknown := set(names) - known:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    blank = {
        field.attname: field.default if field.has_default() else field.get_default()
        for field in fields
    }
    makers = [(name, make) for name, make in blank.items() if callable(make) and name not in names]
    return blank, makers, relations


@cache
def _shape(model: type[models.Model], names: tuple[str, ...]) -> Shape:
    found = map(model._meta.get_field, names)
    return Shape(field for field in found if isinstance(field, models.Field))


@cache
def _insert_into(
    model: type[models.Model],
) -> tuple[str, Shape, Callable[[models.Model], tuple]]:
    """The beginning of the statement that inserts whole rows, their shape, and their values."""
    shape = Shape(field for field in model._meta.concrete_fields if not field.primary_key)
    whole = itemgetter(*(field.attname for field in shape.fields))
    head = f"INSERT INTO {model._meta.db_table} ({shape.columns}) "
    return head, shape, lambda row: whole(row.__dict__)


def _put(
    head: str,
    shape: Shape,
    rows: Sequence[Sequence],
    tail: str = "",
    *,
    bundle: Bundle | None,
) -> None:
    """Run a statement around rows, or leave it to the bundle."""
    values, parameters = values_of(shape, rows)
    sent = bundle or Bundle()
    sent.add(f"{head}{values}{tail}", parameters)
    if bundle is None:
        sent.send()


def _ask(
    head: str,
    shape: Shape,
    rows: Sequence[Sequence],
    tail: str,
    *,
    bundle: Bundle | None = None,
    answer: Answer | None = None,
) -> Answer:
    """Put a statement that returns rows into a bundle, or into one of its own."""
    values, parameters = values_of(shape, rows)
    sent = bundle or Bundle()
    answer = answer or Answer(sent)
    sent.add(f"{head}{values}{tail}", parameters, answer)
    return answer


def _chunks(rows: Sequence) -> Iterator[Sequence]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]
