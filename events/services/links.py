"""Titles and addresses of events, challenges, contests and entries, in the reader's language."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from wagtail.models import Locale, Page

from events.models import ChallengePage, ContestPage, Entry, EventPage
from portal.accounts.people import Viewer
from portal.activity.registry import ObjectLink, numbers_of


def current_locale_id() -> int:
    """The site's locale for the language in force."""
    locales = {locale.language_code: locale.pk for locale in Locale.objects.all()}
    return locales.get((get_language() or "").split("-")[0]) or next(iter(locales.values()))


def page_in_language(model: Any, key: UUID, viewer: Viewer | None) -> Any:
    """The page that `viewer` may see of an event, challenge or contest, or None.

    In the language in force, else in another one.
    """
    return model.objects.best(viewer, key=key, locale_id=current_locale_id())


def page_in_language_of(model: Any) -> Page | None:
    """The first page of a model in the language in force, live or not, or None."""
    wished = current_locale_id()
    pages = sorted(model.objects.order_by("pk"), key=lambda page: page.locale_id != wished)
    return pages[0] if pages else None


def event_links(keys: Iterable[str], viewer: Viewer | None) -> dict[str, ObjectLink]:
    return _links_of(EventPage.objects.visible_to(viewer), keys)


def challenge_links(keys: Iterable[str], viewer: Viewer | None) -> dict[str, ObjectLink]:
    return _links_of(ChallengePage.objects.visible_to(viewer), keys)


def contest_links(keys: Iterable[str], viewer: Viewer | None) -> dict[str, ObjectLink]:
    return _links_of(ContestPage.objects.visible_to(viewer), keys)


def entry_links(ids: Iterable[str], viewer: Viewer | None) -> dict[str, ObjectLink]:
    rows = Entry.objects.approved().filter(pk__in=numbers_of(ids))
    rows = rows.in_contests_of(viewer).select_related("contest")
    return {str(entry.pk): ObjectLink(entry.title, entry.get_absolute_url()) for entry in rows}


def links_for_staff(model: Any, keys: Iterable[str]) -> dict[str, ObjectLink]:
    """Titles and addresses of what is published, for those who run it, whatever is restricted."""
    return _links_of(model.objects.live(), keys)


def _links_of(pages: Any, keys: Iterable[str]) -> dict[str, ObjectLink]:
    wished = current_locale_id()
    known = [key for key in keys if _is_key(key)]
    rows = pages.filter(translation_key__in=known).select_related("locale")
    in_order = sorted(rows, key=lambda page: page.locale_id == wished)
    return {page.object_key: ObjectLink(page.title, page.get_url() or "") for page in in_order}


def _is_key(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
