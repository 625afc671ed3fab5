from typing import TypeVar

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from community.models import Comment, Idea

Row = TypeVar("Row", Idea, Comment)


def insert_once(row: Row) -> tuple[Row, bool]:
    """Save a new row and say that it is new; a form sent again gives the row that it made.

    Raises PermissionDenied where the form was somebody else's.
    """
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if row.token is None:
            raise
        known = type(row).objects.filter(token=row.token, author=row.author).first()
        if known is None:
            raise PermissionDenied from None
        return known, False
    return row, True
