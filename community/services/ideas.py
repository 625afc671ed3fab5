from datetime import UTC, datetime
from math import log10
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Category, Idea
from community.services.earnings import settle_idea, settle_received_votes
from community.services.once import insert_once
from community.services.telling import tell_of_idea
from community.services.texts import rendered_idea
from portal.accounts.models import Member
from portal.activity.services import CHANGES_A_DAY
from portal.ui.text import storable

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
    author: Member,
    title: str,
    body: str = "",
    category: Category | None = None,
    language: str = "",
    token: UUID | None = None,
    at: datetime | None = None,
) -> Idea:
    """Publish an idea; the activity is recorded in the same transaction.

    `token` names the form that was filled in: sent again, it gives the idea that it made.
    """
    if not author.has_perm("community.add_idea"):
        raise PermissionDenied
    posted_at, body = at or timezone.now(), storable(body)
    idea = Idea(
        author=author,
        title=_clean_title(title),
        body=body,
        category=category,
        language=language or author.language,
        posted_at=posted_at,
        trend=trend_of(score=0, posted_at=posted_at),
        token=token,
        **rendered_idea(body),
    )
    idea, is_new = insert_once(idea)
    if is_new:
        settle_idea(idea, at=at)
        tell_of_idea(idea)
    return idea


@transaction.atomic
def edit_idea(
    *, idea: Idea, member: Member, title: str, body: str, category: Category | None
) -> Idea:
    """Change the words of an idea that is still the member's own."""
    if not member.has_perm("community.edit_idea", idea):
        raise PermissionDenied
    body = storable(body)
    idea.title, idea.body, idea.category = _clean_title(title), body, category
    idea.is_html, idea.edited_at = False, timezone.now()
    for name, value in rendered_idea(body).items():
        setattr(idea, name, value)
    words = ["title", "body", "is_html", "category", "edited_at"]
    idea.save(update_fields=[*words, "body_html", "renderer", "excerpt"])
    tell_of_idea(idea)
    return idea


@transaction.atomic
def withdraw_idea(*, idea: Idea, member: Member) -> bool:
    """Take an idea back; what it earned is reversed, once. True when it was there."""
    if not member.has_perm("community.withdraw_idea", idea):
        raise PermissionDenied
    rows = Idea.objects.filter(pk=idea.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        return False
    settle_all(idea)
    return True


@transaction.atomic
def bring_back_idea(*, idea: Idea, member: Member) -> bool:
    """Undo a withdrawal; what it had earned is paid again, if its place is still free.

    Raises ValidationError where it went back and forth all day: then it stays withdrawn till later.
    """
    if not member.has_perm("community.withdraw_idea", idea):
        raise PermissionDenied
    rows = Idea.objects.filter(pk=idea.pk).exclude(withdrawn_at=None)
    if not rows.update(withdrawn_at=None):
        return False
    settle_all(idea, most=CHANGES_A_DAY)
    return True


def settle_all(idea: Idea, *, most: int | None = None) -> None:
    """Bring everything that an idea earned into line with its state in the database."""
    idea.refresh_from_db(fields=["withdrawn_at", "hidden_at", "status"])
    settle_idea(idea, most=most)
    settle_received_votes(idea)


def count_votes(*, idea_id: int, change: int) -> None:
    """Move an idea's score and its place among the trending ones."""
    rows = Idea.objects.filter(pk=idea_id)
    rows.update(score=F("score") + change)
    score, posted_at = rows.values_list("score", "posted_at").get()
    rows.update(trend=trend_of(score=score, posted_at=posted_at))


def count_comments(*, idea_id: int, change: int) -> None:
    """Move the number of comments that everybody may read."""
    Idea.objects.filter(pk=idea_id).update(comment_count=F("comment_count") + change)


def _clean_title(title: str) -> str:
    title = " ".join(storable(title).split())
    if not title:
        raise ValidationError({"title": _("Give your idea a title.")})
    return title
