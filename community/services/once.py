from typing import TypeVar

from django.db import IntegrityError, transaction

from community.models import Comment, Idea

Row = TypeVar("Row", Idea, Comment)


def insert_once(row: Row) -> tuple[Row, bool]:
    """Save a new row and say that it is new; a form sent again gives the row that it made."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if row.token is None:
            raise
        return type(row).objects.get(token=row.token, author=row.author), False
    return row, True
