"""Finding pages by their translation key, in the language that suits the reader."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import get_language

from knowledgebase.models import ArticlePage, SurveyPage, VideoPage
from portal.activity.registry import ObjectLink


def find_page(*, model: Any, key: UUID, member: Any) -> Any:
    """The page that `member` may read, in the active language, else in another; None if none."""
    pages = model.objects.visible_to(member).filter(translation_key=key)
    return _best(list(pages.select_related("locale")))


def article_links(ids: Iterable[str], viewer: Any) -> dict[str, ObjectLink]:
    return _links(ArticlePage, ids, viewer)


def video_links(ids: Iterable[str], viewer: Any) -> dict[str, ObjectLink]:
    return _links(VideoPage, ids, viewer)


def survey_links(ids: Iterable[str], viewer: Any) -> dict[str, ObjectLink]:
    return _links(SurveyPage, ids, viewer)


def _links(model: Any, ids: Iterable[str], viewer: Any) -> dict[str, ObjectLink]:
    """Titles and addresses of what `viewer` may see, by translation key, for ledger lines."""
    keys = [key for text in ids if (key := _uuid(text))]
    versions: dict[str, list] = {}
    pages = model.objects.visible_to(viewer).filter(translation_key__in=keys)
    for page in pages.select_related("locale"):
        versions.setdefault(str(page.translation_key), []).append(page)
    best = {key: _best(pages) for key, pages in versions.items()}
    return {key: ObjectLink(page.title, page.get_url() or "") for key, page in best.items()}


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _best(pages: list) -> Any:
    wanted = [get_language() or settings.LANGUAGE_CODE, settings.LANGUAGE_CODE]
    order = {code: place for place, code in reversed(list(enumerate(wanted)))}
    return min(
        pages,
        key=lambda page: (order.get(page.locale.language_code, len(wanted)), page.pk),
        default=None,
    )
