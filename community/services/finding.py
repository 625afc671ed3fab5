"""Ideas by their words, through the Turkish-aware search backend (`portal.search`)."""

from django.db.models import QuerySet
from wagtail.search.backends import get_search_backend

from community.models import Idea
from portal.search.analyser import analyse, words

# Words that stand in many titles say nothing about what two of them share.
SHORTEST_WORD = 4
CANDIDATES = 30


def matching(query: str) -> QuerySet:
    """The keys of ideas that hold all words of `query`, as a subquery."""
    results = get_search_backend().search(query, Idea.objects.all(), order_by_relevance=False)
    return results.get_queryset().order_by().values("pk")


def similar_ideas(title: str, *, besides: int | None = None, limit: int = 5) -> list[Idea]:
    """Listed ideas whose titles share telling words with `title`, the closest first."""
    wanted = telling_stems(title)
    if not wanted:
        return []
    query = " ".join(word for word in words(title) if len(word) >= SHORTEST_WORD)
    found = get_search_backend().search(
        query, Idea.objects.listed(), fields=["title"], operator="or"
    )
    ranked = []
    for place, idea in enumerate(found[:CANDIDATES]):
        shared = len(wanted & telling_stems(idea.title))
        if idea.pk != besides and shared >= min(2, len(wanted)):
            ranked.append((-shared, place, idea))
    return [idea for _shared, _place, idea in sorted(ranked, key=lambda row: row[:2])[:limit]]


def telling_stems(text: str) -> set[str]:
    """One stem a word, without the short words of both languages."""
    return {min(analyse(word), key=len) for word in words(text) if len(word) >= SHORTEST_WORD}
