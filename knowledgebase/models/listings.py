"""What the index pages show, read in a number of queries that does not grow with the rows."""

from typing import NamedTuple

from django.apps import apps
from django.db.models import Count
from django.db.models.functions import Left, Length
from wagtail.models import Page

STEP = Page.steplen


class CategoryRow(NamedTuple):
    """A category with the number of its articles and videos."""

    page: Page
    count: int


def _model(name: str):
    return apps.get_model("knowledgebase", name)


def category_rows(index_page, member) -> list[CategoryRow]:
    """The categories of a language in the order of the tree, with what can be read in each."""
    categories = _model("CategoryPage").objects
    shown = list(categories.for_list(member, index_page.locale).order_by("path"))
    keys = [page.translation_key for page in shown]
    everywhere = categories.live().filter(translation_key__in=keys)
    key_of = dict(everywhere.values_list("path", "translation_key"))
    counts: dict = {}
    for name in ("ArticlePage", "VideoPage"):
        for path, count in _counts_by_parent(_model(name), member, index_page.locale):
            key = key_of.get(path)
            counts[key] = counts.get(key, 0) + count
    return [CategoryRow(page, counts.get(page.translation_key, 0)) for page in shown]


def _counts_by_parent(model, member, locale) -> list[tuple[str, int]]:
    pages = model.objects.visible_to(member).in_language(locale)
    grouped = pages.annotate(parent_path=Left("path", Length("path") - STEP)).values("parent_path")
    return list(grouped.annotate(n=Count("pk")).order_by().values_list("parent_path", "n"))


def shelf(category, member) -> tuple[list, list]:
    """The articles and videos of a category, in its language or visibly in the default one."""
    siblings = list(category.get_translations(inclusive=True).live())
    return (
        list(_on_shelf(_model("ArticlePage"), siblings, member, category.locale)),
        list(
            _on_shelf(_model("VideoPage"), siblings, member, category.locale).select_related(
                "media"
            )
        ),
    )


def _on_shelf(model, categories, member, locale):
    pages = model.objects.below(*categories).for_list(member, locale)
    return pages.order_by("-first_published_at", "-pk")


def featured_pages(index_page, member, *, limit: int = 3) -> list:
    """What the editors chose, else the newest articles; only what `member` may read."""
    chosen = list(index_page.featured.order_by("sort_order").values_list("page_id", flat=True))
    articles, videos = _model("ArticlePage").objects, _model("VideoPage").objects
    if not chosen:
        newest = articles.for_list(member, index_page.locale)
        return list(newest.order_by("-first_published_at", "-pk")[:limit])
    found = {page.pk: page for page in _readable(articles, member, chosen)}
    found |= {page.pk: page for page in _readable(videos, member, chosen)}
    return [found[pk] for pk in chosen if pk in found][:limit]


def _readable(manager, member, pks):
    pages = manager.visible_to(member).filter(pk__in=pks)
    return pages.select_related("picture", "locale").prefetch_related("picture__renditions")
