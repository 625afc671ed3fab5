"""What the pages of challenges and contests share: both run until they end."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.models.reading import TakePartQuerySet

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

SHARED = _("Shared by all languages: the page that is published last decides.")
PAST_SHOWN = 12


class EndingPageQuerySet(TakePartQuerySet):
    def for_list(self, viewer: "Viewer | None", locale_id: int) -> Self:
        return super().for_list(viewer, locale_id).select_related("picture")

    def present(self):
        """What runs and what is to come, the next to end first."""
        return self.filter(ends_at__gt=timezone.now()).order_by("ends_at", "pk")

    def past(self):
        return self.filter(ends_at__lte=timezone.now()).order_by("-ends_at", "-pk")

    def present_and_lately_past(self) -> list:
        """What an index page lists, in two queries."""
        return [*self.present(), *self.past()[:PAST_SHOWN]]


def split_by_end(pages: Iterable[Any], name: str) -> tuple[list, list]:
    """Those that run or are to come, and those that are over, by the row attached as `name`."""
    now = timezone.now()
    present = [page for page in pages if getattr(page, name).ends_at > now]
    return present, [page for page in pages if getattr(page, name).ends_at <= now]
