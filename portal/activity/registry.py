"""What features tell the activity log about themselves, from `AppConfig.ready()`.

The log lies below the features, so it cannot ask them: verbs bring their words, nouns a way to
find what an activity's object is, consumers what is done with each activity.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.activity.bundles import Bundle
    from portal.activity.models import Activity

IMPORT_PREFIX = "import."


class ObjectLink(NamedTuple):
    """What an activity was about, for people: a title and an address ("" when it has none)."""

    title: str
    url: str


class Consumer(NamedTuple):
    """Who does something with activities, in the order of `order`.

    `consume(activities, bundle, asked)` may leave its statements to the bundle, which is sent in
    the same transaction, and `ask(activities, bundle)` may put questions into the message by which
    the activities are numbered; what it returns comes back as `asked`. That is None where nobody
    asked, and then `consume` asks by itself.
    """

    name: str
    order: int
    consume: Callable[[Sequence["Activity"], "Bundle", Any], object]
    ask: Callable[[Sequence["Activity"], "Bundle"], Any] | None = None


Resolver = Callable[[Iterable[str]], dict[str, ObjectLink]]

_verbs: "dict[str, StrOrPromise]" = {}
_resolvers: dict[str, Resolver] = {}
_owners: dict[str, Callable[[Iterable[str]], dict[str, int]]] = {}
_consumers: dict[str, Consumer] = {}


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


def register_consumer(consumer: Consumer) -> None:
    """Hand activities to a consumer, in the order of their numbers.

    An activity comes once or again (then its `is_resent` is set), so a consumer is idempotent.
    """
    _consumers[consumer.name] = consumer


def consumers() -> list[Consumer]:
    return sorted(_consumers.values(), key=lambda one: (one.order, one.name))


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
