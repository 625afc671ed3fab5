"""What the index pages show, read in a number of queries that does not grow with the rows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db.models import Count
from django.db.models.functions import Left, Length
from wagtail.models import Locale, Page

if TYPE_CHECKING:
    from portal.accounts.models import Member
    from portal.accounts.people import Viewer

STEP = Page.steplen
FEATURED = 3
NEWEST = ("-first_published_at", "-pk")


@dataclass(frozen=True)
class CategoryRow:
    """A category with the number of its articles and videos."""

    page: Page
    count: int


def _model(name: str) -> Any:
    return apps.get_model("knowledgebase", name)


def front(index_page: Page, member: "Member") -> tuple[list[CategoryRow], list]:
    """The front of a language: its categories with their counts, and what is featured."""
    return _category_rows(index_page.locale, member), _featured_pages(index_page, member)


def _category_rows(locale: Locale, member: "Viewer") -> list[CategoryRow]:
    """The categories of a language in the order of the tree, with what can be read in each."""
    categories = _model("CategoryPage").objects
    shown = list(categories.for_list(member, locale).order_by("path"))
    keys = [page.translation_key for page in shown]
    everywhere = categories.live().filter(translation_key__in=keys)
    key_of = dict(everywhere.values_list("path", "translation_key"))
    counts: dict = {}
    for name in ("ArticlePage", "VideoPage"):
        pages = _model(name).objects.visible_to(member).in_language(locale)
        for path, count in _counts_by_parent(pages):
            key = key_of.get(path)
            counts[key] = counts.get(key, 0) + count
    return [CategoryRow(page, counts.get(page.translation_key, 0)) for page in shown]


def _counts_by_parent(pages: Any) -> list[tuple[str, int]]:
    grouped = pages.annotate(parent_path=Left("path", Length("path") - STEP)).values("parent_path")
    return list(grouped.annotate(n=Count("pk")).order_by().values_list("parent_path", "n"))


def shelf(category: Page, member: "Viewer") -> tuple[list, list]:
    """The articles and videos of a category, in its language or visibly in the default one."""
    siblings = list(category.get_translations(inclusive=True).live())

    def on_shelf(name):
        pages = _model(name).objects.below(*siblings)
        return pages.for_list(member, category.locale).order_by(*NEWEST)

    return list(on_shelf("ArticlePage")), list(on_shelf("VideoPage").select_related("media"))


def _featured_pages(index_page: Any, member: "Viewer") -> list:
    """What the editors chose, else the newest articles; only what `member` may read."""
    chosen = list(index_page.featured.order_by("sort_order").values_list("page_id", flat=True))
    articles, videos = _model("ArticlePage").objects, _model("VideoPage").objects
    if not chosen:
        newest = articles.for_list(member, index_page.locale)
        return list(newest.order_by(*NEWEST)[:FEATURED])
    found = {page.pk: page for page in articles.visible_to(member).tiles(chosen)}
    watchable = videos.visible_to(member).tiles(chosen).select_related("media")
    found |= {page.pk: page for page in watchable}
    return [found[pk] for pk in chosen if pk in found][:FEATURED]
