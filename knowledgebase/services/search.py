from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language
from wagtail.models import Locale, Page

from knowledgebase.models import ArticlePage, CategoryPage, SurveyPage, VideoPage
from portal.cms.visibility import seen_by

FOUND = (ArticlePage, VideoPage, SurveyPage, CategoryPage)
QUERY_LENGTH = 100


def search_pages(
    *, query: str, member: Any, limit: int = 20, kinds: Sequence[type[Page]] = FOUND
) -> list[Page]:
    """Pages of these kinds that `member` may read, the best first, each listed once.

    Pages of the active language, and of the default language those that it lacks.
    """
    text = query.strip()[:QUERY_LENGTH]
    if not text:
        return []
    languages = {get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE}
    locales = {row.pk: row for row in Locale.objects.filter(language_code__in=languages)}
    mine = seen_by(Page.objects.type(*kinds).filter(locale__in=list(locales)), member)
    pages = Page.objects.filter(pk__in=mine.values("pk"))
    keys: dict[UUID, list[Page]] = {}
    for hit in pages.search(text)[: limit * 2]:
        hit.locale = locales[hit.locale_id]
        keys.setdefault(hit.translation_key, []).append(hit)
    return _specific([_preferred(versions) for versions in keys.values()][:limit])


def _preferred(versions: list[Page]) -> Page:
    """Of a page's languages the active one, in the place of the better of the two."""
    active = get_language() or settings.LANGUAGE_CODE
    return min(versions, key=lambda page: page.locale.language_code != active)


def _specific(pages: list[Page]) -> list[Page]:
    """The same pages as articles, videos and so on, in the same order."""
    found = Page.objects.filter(pk__in=[page.pk for page in pages]).specific()
    whole = {page.pk: page for page in found}
    still_there = [page for page in pages if page.pk in whole]
    for page in still_there:
        whole[page.pk].locale = page.locale
    return [whole[page.pk] for page in still_there]
