"""What other pages of the portal show of the community."""

from django.db.models import QuerySet

from community.models import Idea, Vote
from portal.accounts.models import Member


def latest_ideas(limit: int = 5) -> list[Idea]:
    """The newest listed ideas with their authors, in one query."""
    ideas = Idea.objects.listed().select_related("author", "category")
    return list(ideas.order_by("-posted_at", "-pk")[:limit])


def ideas_of(member: Member, *, limit: int = 10) -> list[Idea]:
    """A member's listed ideas, the newest first, in one query."""
    ideas = Idea.objects.listed().filter(author=member).select_related("author", "category")
    return list(ideas.order_by("-posted_at", "-pk")[:limit])


def voted_ideas(member: Member, *, limit: int = 10) -> list[Idea]:
    """The listed ideas that a member votes for, the latest vote first, in one query."""
    votes = Vote.objects.filter(member=member, idea__withdrawn_at=None, idea__hidden_at=None)
    votes = votes.select_related("idea__author", "idea__category").order_by("-voted_at", "-pk")
    return [vote.idea for vote in votes[:limit]]


def waiting_ideas(limit: int = 5) -> QuerySet:
    """Ideas that wait for an official answer, the most wanted first."""
    ideas = Idea.objects.awaiting_answer().select_related("author", "category")
    return ideas.order_by("-score", "-pk")[:limit]
