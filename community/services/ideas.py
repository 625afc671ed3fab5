from datetime import UTC, datetime, timedelta
from math import log10

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.activities import IDEA_POSTED
from community.models import Category, Idea
from portal.activity.services import default_key, record, redo, undo
from portal.ui.markdown import RENDERER_VERSION, render_markdown

TREND_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
TREND_SECONDS = 5 * 86_400


def trend_of(*, score: int, posted_at: datetime) -> float:
    """Age against votes on one scale: ten times the votes weigh as much as five days.

    The order by age and logarithm of votes that Reddit published in 2010 ("hot"): it depends on
    the row alone, so an index holds it and nothing is recomputed by the clock.
    """
    return log10(max(score, 1)) + (posted_at - TREND_EPOCH).total_seconds() / TREND_SECONDS


@transaction.atomic
def post_idea(
    *,
    author,
    title: str,
    body: str = "",
    category: Category | None = None,
    language: str = "",
    at: datetime | None = None,
) -> Idea:
    """Publish an idea; the activity is recorded in the same transaction."""
    if not author.has_perm("community.add_idea"):
        raise PermissionDenied
    title = " ".join(title.split())
    if not title:
        raise ValidationError({"title": _("Give your idea a title.")})
    posted_at = at or timezone.now()
    idea = Idea.objects.create(
        author=author,
        title=title,
        body=body,
        body_html=render_markdown(body),
        renderer=RENDERER_VERSION,
        category=category,
        language=language or author.language,
        posted_at=posted_at,
        trend=trend_of(score=0, posted_at=posted_at),
    )
    record(member=author, verb=IDEA_POSTED, object=f"idea:{idea.pk}", occurred_at=at)
    return idea


@transaction.atomic
def edit_idea(*, idea: Idea, member, title: str, body: str, category: Category | None) -> Idea:
    """Change the words of an idea that is still the member's own."""
    if not member.has_perm("community.edit_idea", idea):
        raise PermissionDenied
    idea.title, idea.body, idea.category = " ".join(title.split()), body, category
    idea.body_html, idea.renderer = render_markdown(body), RENDERER_VERSION
    idea.edited_at = timezone.now()
    idea.save(update_fields=["title", "body", "category", "body_html", "renderer", "edited_at"])
    return idea


@transaction.atomic
def withdraw_idea(*, idea: Idea, member) -> None:
    """Take an idea back; what it earned is reversed, once."""
    if not member.has_perm("community.withdraw_idea", idea):
        raise PermissionDenied
    rows = Idea.objects.filter(pk=idea.pk, withdrawn_at=None)
    if rows.update(withdrawn_at=timezone.now()) and idea.author:
        undo(_posting_key(idea))


@transaction.atomic
def bring_back_idea(*, idea: Idea, member) -> None:
    """Undo a withdrawal; what it had earned is paid again, if its place is still free."""
    if not member.has_perm("community.withdraw_idea", idea):
        raise PermissionDenied
    rows = Idea.objects.filter(pk=idea.pk).exclude(withdrawn_at=None)
    if rows.update(withdrawn_at=None) and idea.author:
        redo(_posting_key(idea))


def count_votes(*, idea_id: int, change: int) -> None:
    """Move an idea's score and its place among the trending ones."""
    rows = Idea.objects.filter(pk=idea_id)
    rows.update(score=F("score") + change)
    score, posted_at = rows.values_list("score", "posted_at").get()
    rows.update(trend=trend_of(score=score, posted_at=posted_at))


def is_fresh(moment: datetime | None, *, within: timedelta = timedelta(seconds=10)) -> bool:
    return moment is not None and timezone.now() - moment <= within


def _posting_key(idea: Idea) -> str:
    return default_key(member=idea.author, verb=IDEA_POSTED, object=f"idea:{idea.pk}")
