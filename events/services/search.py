from wagtail.models import Page

from events.models.reading import in_language
from events.services.links import current_locale_id


def search_pages(model: type[Page], *, query: str, limit: int = 20) -> list[Page]:
    """Events, challenges or contests that everybody may read, the best first, each listed once.

    Pages of the language in force, and of another one those that it lacks.
    """
    shown = in_language(model.objects.all(), current_locale_id())
    pages = model.objects.public().filter(pk__in=shown.values("pk")).select_related("locale")
    return list(pages.search(query)[:limit])
