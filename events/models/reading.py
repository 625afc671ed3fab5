"""What index pages of events, challenges and contests share when they read."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from wagtail.models import Page
from wagtail.query import PageQuerySet


def in_language(pages: PageQuerySet, locale_id: int) -> PageQuerySet:
    """Live pages in one language, and those that exist only in another one."""
    here = Page.objects.filter(
        translation_key=OuterRef("translation_key"), locale_id=locale_id, live=True
    )
    return pages.live().filter(Q(locale_id=locale_id) | ~Exists(here)).select_related("locale")


def page_for(pages: PageQuerySet, *, key: UUID, locale_id: int) -> Page | None:
    """The live page with this translation key: in the wished language, else in any, or None."""
    wished_first = Case(When(locale_id=locale_id, then=0), default=1)
    return pages.live().filter(translation_key=key).order_by(wished_first, "pk").first()


def attach(pages: Iterable[Any], rows: QuerySet[Any], name: str) -> list:
    """Give each page its row of `rows` (same key) as `name`; pages without one are left out."""
    pages = list(pages)
    by_key = {row.key: row for row in rows.filter(key__in=[p.translation_key for p in pages])}
    for page in pages:
        setattr(page, name, by_key.get(page.translation_key))
    return [page for page in pages if getattr(page, name) is not None]
