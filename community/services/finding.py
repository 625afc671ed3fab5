"""Ideas by their words, through the Turkish-aware search backend (`portal.search`)."""

from django.db.models import QuerySet
from wagtail.search.backends import get_search_backend

from community.models import Idea
from portal.search.analyser import analyse, words

# Words that stand in many titles say nothing about what two of them share.
SHORTEST_WORD = 4
COMMON = """
    about also could from have into more please should that their them there they this what when
    which will with would your ama bana bizim bunu böyle çünkü daha değil diye gibi hangi hem hep
    için kadar neden olan olarak olsa olsun sonra şekilde veya
"""
COMMON_WORDS = frozenset(COMMON.split())
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
    query = " ".join(_telling_words(title))
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
    """One stem a word, without the short and the common words of both languages."""
    return {min(forms, key=len) for word in _telling_words(text) if (forms := analyse(word))}


def _telling_words(text: str) -> list[str]:
    found = words(text)
    return [w for w in found if len(w) >= SHORTEST_WORD and w.lower() not in COMMON_WORDS]
