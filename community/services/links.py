from collections.abc import Iterable

from community.models import Idea
from portal.activity.registry import ObjectLink


def idea_links(ids: Iterable[str]) -> dict[str, ObjectLink]:
    """Titles and addresses of ideas, for feeds and ledger lines; none for withdrawn ones."""
    ideas = Idea.objects.filter(pk__in=list(ids), withdrawn_at=None, hidden_at=None)
    return {str(idea.pk): ObjectLink(idea.title, idea.get_absolute_url()) for idea in ideas}
