"""Counting ideas' scores and comments again: a part of `verify_ledger`."""

from collections.abc import Iterator

from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from community.models import Comment, Idea
from community.services.ideas import trend_of
from portal.activity.recounts import Finding, register_recount


def scores_are_votes() -> Iterator[Finding]:
    """An idea's score is the votes that it was imported with and those that members gave."""
    rows = Idea.objects.annotate(n=Count("votes") + F("imported_votes"))
    for idea in rows.exclude(score=F("n")).iterator():
        yield "I6", f"idea {idea.pk}: a score of {idea.score} kept, {idea.n} votes counted"
    placed = Idea.objects.values_list("pk", "score", "posted_at", "trend")
    for pk, score, posted_at, trend in placed.iterator():
        if abs(trend - trend_of(score=score, posted_at=posted_at)) > 1e-6:
            yield "I4", f"idea {pk} does not stand among the trending where its votes put it"


def comments_are_counted() -> Iterator[Finding]:
    """An idea counts the comments that everybody may read."""
    standing = Comment.objects.standing().filter(idea=OuterRef("pk")).order_by().values("idea")
    count = Coalesce(Subquery(standing.annotate(n=Count("pk")).values("n")), 0)
    for idea in Idea.objects.annotate(n=count).exclude(comment_count=F("n")).iterator():
        yield "I4", f"idea {idea.pk}: {idea.comment_count} comments kept, {idea.n} counted"


def register() -> None:
    register_recount(scores_are_votes, "community.Idea.score", "community.Idea.trend")
    register_recount(comments_are_counted, "community.Idea.comment_count")
