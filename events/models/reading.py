"""What index pages of events, challenges and contests share when they read."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from wagtail.models import Page

from portal.cms.models import PortalPageQuerySet

if TYPE_CHECKING:
    from portal.accounts.people import Viewer


class TakePartQuerySet(PortalPageQuerySet):
    """Pages of events, challenges and contests, as lists and links read them."""

    def for_list(self, viewer: "Viewer | None", locale_id: int) -> Self:
        """What `viewer` may see in one language, and what exists only in another one."""
        here = Page.objects.filter(
            translation_key=OuterRef("translation_key"), locale_id=locale_id, live=True
        )
        pages = self.visible_to(viewer).filter(Q(locale_id=locale_id) | ~Exists(here))
        return pages.select_related("locale")

    def best(self, viewer: "Viewer | None", *, key: UUID, locale_id: int) -> Any:
        """The page behind a key that `viewer` may see: in the wished language, else in any."""
        wished_first = Case(When(locale_id=locale_id, then=0), default=1)
        pages = self.visible_to(viewer).filter(translation_key=key)
        return pages.order_by(wished_first, "pk").first()


def attach(pages: Iterable[Any], rows: QuerySet[Any], name: str) -> list:
    """Give each page its row of `rows` (same key) as `name`; pages without one are left out."""
    pages = list(pages)
    by_key = {row.key: row for row in rows.filter(key__in=[p.translation_key for p in pages])}
    for page in pages:
        setattr(page, name, by_key.get(page.translation_key))
    return [page for page in pages if getattr(page, name) is not None]
