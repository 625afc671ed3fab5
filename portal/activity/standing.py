"""Rows of which one may stand at a time, and which may be taken away at any moment."""

from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
# Whoever joins and leaves in five windows at once gets an answer, too.
TRIES = 5


def made_or_found(make: Callable[[], Row], rows: "QuerySet[Row]") -> tuple[Row, bool]:
    """Insert the row that `rows` would find, or find it; also whether it is new.

    Another request may take the row away after the constraint has refused ours: then it is made
    once more. Raises IntegrityError where that goes on and on.
    """
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return make(), True
        except IntegrityError as error:
            refused = error
        if found := rows.first():
            return found, False
    raise refused
