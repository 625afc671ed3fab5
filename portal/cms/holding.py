"""What keeps something from being deleted, in words for the people who tried."""

from collections.abc import Iterable
from itertools import groupby

from django.db import router
from django.db.models import Model, ProtectedError, RestrictedError
from django.db.models.deletion import Collector

SHOWN = 10
Held = list[tuple[str, list[str], int]]


def holders_of(error: ProtectedError | RestrictedError) -> Held:
    """By kind of thing: its name, the first of them in words, and how many more there are."""
    rows = (
        error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
    )
    found = sorted(rows, key=lambda row: (str(row._meta.verbose_name_plural), row.pk))
    kinds = groupby(found, key=lambda row: str(row._meta.verbose_name_plural))
    named = [(name, list(group)) for name, group in kinds]
    return [
        (name, [str(row) for row in group[:SHOWN]], max(0, len(group) - SHOWN))
        for name, group in named
    ]


def what_holds(doomed: Iterable[Model]) -> Held:
    """What would hold these, had somebody tried to delete them; nothing is deleted."""
    for row in doomed:
        try:
            Collector(using=router.db_for_write(type(row)), origin=row).collect([row])
        except (ProtectedError, RestrictedError) as error:
            return holders_of(error)
    return []
