"""What other pages of the portal show of the community."""

from community.models import Idea
from portal.accounts.models import Member


def latest_ideas(limit: int = 5) -> list[Idea]:
    """The newest listed ideas with their authors, in one query."""
    ideas = Idea.objects.listed().select_related("author", "category")
    return list(ideas.order_by("-posted_at", "-pk")[:limit])


def ideas_of(member: Member, *, limit: int = 10) -> list[Idea]:
    """A member's listed ideas, the newest first, in one query."""
    ideas = Idea.objects.listed().filter(author=member).select_related("author", "category")
    return list(ideas.order_by("-posted_at", "-pk")[:limit])
