"""Stored HTML is made anew when the renderer has a new version."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from portal.ui.markdown import RENDERER_VERSION

BATCH = 500


def outdated(rows: QuerySet) -> QuerySet:
    """What an older renderer made."""
    return rows.filter(renderer__lt=RENDERER_VERSION)


def render_anew(rows: QuerySet, render: Callable[[Any], dict]) -> int:
    """Write what `render(row)` gives into every outdated row; return how many changed.

    A row that was edited meanwhile is up to date and left alone, so this may be broken off and
    run again, also twice at a time.
    """
    changed, last = 0, 0
    while batch := list(outdated(rows).filter(pk__gt=last).order_by("pk")[:BATCH]):
        for row in batch:
            changed += _update(row, render(row))
        last = batch[-1].pk
    return changed


def _update(row: Any, columns: dict) -> int:
    same = type(row)._default_manager.filter(pk=row.pk, renderer=row.renderer)
    return same.update(**{**columns, "renderer": RENDERER_VERSION})
