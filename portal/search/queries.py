"""Queries rewritten into what both databases can answer, whatever was typed."""

from collections.abc import Callable

from modelsearch.query import (
    And,
    Boost,
    Fuzzy,
    MatchAll,
    Not,
    Or,
    Phrase,
    PlainText,
    SearchQuery,
)

from portal.search.analyser import analyse, words

# Enough for any question, few enough for the depth that SQLite allows an expression.
MAX_WORDS = 16
Rewrite = Callable[[SearchQuery], SearchQuery]


def rewrite(query: SearchQuery) -> SearchQuery:
    """Replace every word by its folded form or any of its stems; no words find nothing."""
    return _walk(query, _plain)


def rewrite_prefix(query: SearchQuery) -> SearchQuery:
    """Fold the words and leave them as they stand: the last is the start of one."""
    return _walk(query, _prefix)


def is_nothing(query: SearchQuery) -> bool:
    return isinstance(query, Not) and isinstance(query.subquery, MatchAll)


def _walk(query: SearchQuery, plain: Rewrite) -> SearchQuery:
    if isinstance(query, PlainText | Fuzzy):
        return plain(query)
    if isinstance(query, Phrase):
        folded = _folded(query.query_string)
        return Phrase(" ".join(folded)) if folded else _nothing()
    if isinstance(query, Boost):
        return _walk(query.subquery, plain)
    if isinstance(query, Not):
        return _not(_walk(query.subquery, plain))
    if isinstance(query, And):
        return _and([_walk(part, plain) for part in query.subqueries])
    if isinstance(query, Or):
        return _or([_walk(part, plain) for part in query.subqueries])
    return query


def _plain(query: SearchQuery) -> SearchQuery:
    terms = [
        _or([PlainText(form) for form in forms])
        for word in words(query.query_string, MAX_WORDS)
        if (forms := analyse(word))
    ]
    if not terms:
        return _nothing()
    return _and(terms) if _operator(query) == "and" else _or(terms)


def _prefix(query: SearchQuery) -> SearchQuery:
    folded = _folded(query.query_string)
    return PlainText(" ".join(folded), operator=_operator(query)) if folded else _nothing()


def _operator(query: SearchQuery) -> str:
    return str(getattr(query, "operator", "and")).lower()


def _folded(text: str) -> list[str]:
    return [forms[0] for word in words(text, MAX_WORDS) if (forms := analyse(word))]


def _nothing() -> SearchQuery:
    return Not(MatchAll())


def _not(query: SearchQuery) -> SearchQuery:
    return query.subquery if isinstance(query, Not) else Not(query)


def _and(parts: list[SearchQuery]) -> SearchQuery:
    """Combine without the everything and nothing that the databases cannot nest."""
    if any(is_nothing(part) for part in parts):
        return _nothing()
    left = [part for part in parts if not isinstance(part, MatchAll)]
    if not left:
        return MatchAll()
    return left[0] if len(left) == 1 else And(left)


def _or(parts: list[SearchQuery]) -> SearchQuery:
    if any(isinstance(part, MatchAll) for part in parts):
        return MatchAll()
    left = [part for part in parts if not is_nothing(part)]
    if not left:
        return _nothing()
    return left[0] if len(left) == 1 else Or(left)
