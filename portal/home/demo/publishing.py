"""Making pages in both languages the way an editor does: as revisions, published."""

from collections.abc import Callable
from datetime import datetime

from django.conf import settings
from wagtail.models import Locale, Page

from portal.cms.models import PortalImage
from portal.home.demo.content import LANGUAGES, media

Pages = dict[str, Page]


def publish_in_both(
    parents: Pages, model: type[Page], fields: Callable[[str], dict], *, at: datetime | None = None
) -> Pages:
    """Publish a page under each language's parent; the second is the translation of the first.

    `fields(language)` gives the model's fields in that language; `at` gives the pages a past.
    """
    default = settings.LANGUAGE_CODE
    other = next(code for code in LANGUAGES if code != default)
    first = model(**fields(default), locale=parents[default].locale)
    parents[default].refresh_from_db()
    parents[default].add_child(instance=first)
    first.save_revision().publish()
    first.refresh_from_db()
    second = first.copy_for_translation(Locale.objects.get(language_code=other))
    for name, value in fields(other).items():
        setattr(second, name, value)
    second.draft_title = second.title
    second.save_revision().publish()
    second.refresh_from_db()
    if at:
        pages = Page.objects.filter(pk__in=[first.pk, second.pk])
        pages.update(first_published_at=at, last_published_at=at)
    return {default: first, other: second}


class Pictures:
    """The demo's pictures in the image library, each brought in once, when it is first used."""

    def __init__(self):
        self._known: dict[str, PortalImage] = {}

    def get(self, name: str | None, *, folder: str = "pictures") -> PortalImage | None:
        if not name:
            return None
        name = name.removesuffix(".webp")
        if name not in self._known:
            title = name.replace("-", " ").capitalize()
            image = PortalImage(title=title, file=media(folder, f"{name}.webp"))
            image.save()
            self._known[name] = image
        return self._known[name]
