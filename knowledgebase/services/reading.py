from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from knowledgebase.activities import ARTICLE_READ
from knowledgebase.models import ArticlePage, ReadingMark
from portal.activity.services import record
from portal.cms.visibility import require_visible

LEAST_SHARE = 0.15
LEAST_TIME = timedelta(seconds=8)


class TooSoonError(ValidationError):
    """The article was not open for long enough; `seconds` says how long to go."""

    def __init__(self, seconds: int):
        super().__init__(_("That was quick! Take your time and mark it once you have read it."))
        self.seconds = seconds


def least_time(article: ArticlePage) -> timedelta:
    """How long an article must have been open before it can have been read to the end."""
    return max(LEAST_TIME, article.reading_time() * LEAST_SHARE)


@transaction.atomic
def mark_read(
    *, member: Any, article: ArticlePage, opened_at: datetime, at: datetime | None = None
) -> bool:
    """Note that the member read the article to the end; True when that is new.

    Arguments: `opened_at` is when the server showed the page to the member.
    Raises PermissionDenied for an article that the member may not see, and TooSoonError when less
    than 15 % of the reading time, or 8 seconds, have passed.
    """
    if not member.is_authenticated:
        raise PermissionDenied
    require_visible(article.translation_key, member)
    now = at or timezone.now()
    left = opened_at + least_time(article) - now
    if left > timedelta():
        raise TooSoonError(seconds=int(left.total_seconds()) + 1)
    key = article.translation_key
    _mark, is_new = ReadingMark.objects.get_or_create(
        page_key=key, member=member, defaults={"read_at": now}
    )
    if is_new:
        record(member=member, verb=ARTICLE_READ, object=f"article:{key}", occurred_at=at)
    return is_new


def has_read(*, member: Any, article: ArticlePage) -> bool:
    return ReadingMark.objects.filter(
        page_key=article.translation_key, member_id=member.pk
    ).exists()
