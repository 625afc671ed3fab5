"""What features tell the activity log about themselves, from `AppConfig.ready()`.

The log lies below the features, so it cannot ask them: verbs bring their words, nouns a way to
find what an activity's object is, consumers what is done with each activity.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.activity.models import Activity

IMPORT_PREFIX = "import."


class ObjectLink(NamedTuple):
    """What an activity was about, for people: a title and an address ("" when it has none)."""

    title: str
    url: str


Consumer = Callable[[Sequence["Activity"]], object]
Resolver = Callable[[Iterable[str]], dict[str, ObjectLink]]

_verbs: "dict[str, StrOrPromise]" = {}
_resolvers: dict[str, Resolver] = {}
_owners: dict[str, Callable[[Iterable[str]], dict[str, int]]] = {}
_consumers: dict[str, tuple[int, Consumer]] = {}


def register_verbs(verbs: "Mapping[str, StrOrPromise]") -> None:
    """Make verbs (`<app>.<noun>_<past participle>`) known, each with its lazy words."""
    _verbs.update(verbs)


def register_object(noun: str, resolver: Resolver) -> None:
    """Say how ids of `noun` become titles and addresses: many ids in, one query, a dict out."""
    _resolvers[noun] = resolver


def register_owners(noun: str, owners: Callable[[Iterable[str]], dict[str, int]]) -> None:
    """Say whose things of `noun` are: many ids in, one query, ids of members out."""
    _owners[noun] = owners


def owners_of(objects: Iterable[str]) -> dict[str, int]:
    """The member to whom each `<noun>:<id>` belongs, where that is known; one query a noun."""
    found = {}
    for noun, identifiers in _by_noun(objects).items():
        if noun in _owners:
            owners = _owners[noun](identifiers)
            found.update({f"{noun}:{one}": member_id for one, member_id in owners.items()})
    return found


def register_consumer(name: str, consumer: Consumer, *, order: int = 50) -> None:
    """Call `consumer(activities)` with activities in the order of their numbers.

    An activity comes once or again (then its `is_resent` is set), so a consumer is idempotent.
    """
    _consumers[name] = (order, consumer)


def consumers() -> list[tuple[str, Consumer]]:
    ordered = sorted(_consumers.items(), key=lambda item: (item[1][0], item[0]))
    return [(name, consumer) for name, (_order, consumer) in ordered]


def is_known_verb(verb: str) -> bool:
    return verb in _verbs or verb.startswith(IMPORT_PREFIX)


def verb_label(verb: str) -> str:
    return str(_verbs.get(verb, verb))


def verb_choices() -> list[tuple[str, str]]:
    return sorted(((verb, str(label)) for verb, label in _verbs.items()), key=lambda pair: pair[1])


def resolve_objects(objects: Iterable[str]) -> dict[str, ObjectLink]:
    """Return a link for each `<noun>:<id>` that still leads somewhere; one query a noun."""
    links = {}
    for noun, identifiers in _by_noun(objects).items():
        if noun in _resolvers:
            found = _resolvers[noun](identifiers)
            links.update({f"{noun}:{identifier}": link for identifier, link in found.items()})
    return links


def _by_noun(objects: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in objects:
        noun, _, identifier = text.partition(":")
        if identifier:
            found.setdefault(noun, set()).add(identifier)
    return found
