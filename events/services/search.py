from typing import Any

from wagtail.models import Page

from events.services.links import current_locale_id
from portal.accounts.people import Viewer


def search_pages(model: Any, *, query: str, member: Viewer, limit: int = 20) -> list[Page]:
    """Events, challenges or contests that `member` may see, the best first, each listed once.

    Pages of the language in force, and of another one those that it lacks.
    """
    shown = model.objects.for_list(member, current_locale_id())
    pages = model.objects.filter(pk__in=shown.values("pk")).select_related("locale")
    return list(pages.search(query)[:limit])
