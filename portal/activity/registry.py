"""What features tell the activity log about themselves, from `AppConfig.ready()`.

The log lies below the features, so it cannot ask them: verbs bring their words, nouns a way to
find what an activity's object is, consumers what is done with each activity. With its words a
verb brings who may say it, as rules pay for it and consumers act on it.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.activity.bundles import Bundle
    from portal.activity.models import Activity

IMPORT_PREFIX = "import."
# A key of a row: more digits than these no database keeps.
NUMBER = re.compile(r"[0-9]{1,18}")


class Speaker(NamedTuple):
    """Who brings facts in from outside: an application by its name, or staff by a command."""

    name: str
    is_command: bool = False


class Speakers(NamedTuple):
    """Who may say a verb beside the portal's own services, which may say all."""

    commands: bool = False
    outside: bool = False
    names: frozenset[str] = frozenset()

    def include(self, speaker: Speaker) -> bool:
        """Whether this speaker is among them; what is open to all is open to commands, too."""
        if self.outside or (self.commands and speaker.is_command):
            return True
        return speaker.name in self.names


# The portal's own services alone: what they record, they have checked.
PORTAL_ONLY = Speakers()
# Staff at the command line, too, who bring in what another system kept.
STAFF_COMMANDS = Speakers(commands=True)
# Whoever holds a key that may send activities.
ANY_SOURCE = Speakers(commands=True, outside=True)


def only_sources(*names: str) -> Speakers:
    """Nobody outside but these applications, known by their keys, or commands under these names."""
    return Speakers(names=frozenset(names))


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


# Who gave a good word (a vote) to whose thing in a time, where no activity says it: rows of the
# giver's id, the receiver's id, the object and the moment.
Endorsements = Callable[[datetime, datetime], Iterable[tuple[int, int, str, datetime]]]
# Ids and who reads (None: the public); what the reader may not see has no link.
Resolver = Callable[[Iterable[str], Any], dict[str, ObjectLink]]

_verbs: "dict[str, StrOrPromise]" = {}
_speakers: dict[str, Speakers] = {}
_own_work: set[str] = set()
_either: set[str] = set()
_resolvers: dict[str, Resolver] = {}
_owners: dict[str, Callable[[Iterable[str]], dict[str, int]]] = {}
_endorsements: dict[str, Endorsements] = {}
_consumers: dict[str, Consumer] = {}


def register_verbs(verbs: "Mapping[str, StrOrPromise]", *, speakers: Speakers) -> None:
    """Make verbs (`<app>.<noun>_<past participle>`) known, each with its lazy words.

    `speakers` are who else may say them. Where a consumer acts on a verb, or its object is
    something of the portal's own, that is `PORTAL_ONLY`: what comes from outside is not checked
    against any of it.
    """
    _verbs.update(verbs)
    _speakers.update(dict.fromkeys(verbs, speakers))


def register_own_work(verbs: Iterable[str]) -> None:
    """Say which verbs are about what is the member's own by its nature, such as sharing an idea.

    Every other verb of the portal earns nothing where its object belongs to the member who does it
    (see `is_for_others`), so that a verb of which nobody thought cannot be farmed on one's own.
    """
    _own_work.update(verbs)


def register_either(verbs: Iterable[str]) -> None:
    """Say which verbs may be about one's own or another's things: there each rule decides."""
    _either.update(verbs)


def is_own_work(verb: str) -> bool:
    """Whether what the verb is about always belongs to the member."""
    return verb in _own_work


def is_for_others(verb: str) -> bool:
    """Whether a verb means nothing when it is done to one's own thing, such as a vote."""
    return verb in _verbs and verb not in _own_work and verb not in _either


def register_object(noun: str, resolver: Resolver) -> None:
    """Say how ids of `noun` become titles and addresses for a reader; one query for many ids."""
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


def register_endorsements(name: str, source: Endorsements) -> None:
    """Bring in good words about others' things of which no activity is recorded."""
    _endorsements[name] = source


def endorsements(since: datetime, until: datetime) -> Iterator[tuple[int, int, str, datetime]]:
    """Everything that was registered so, from `since` to `until`."""
    for _name, source in sorted(_endorsements.items()):
        yield from source(since, until)


def owned_nouns() -> set[str]:
    """The nouns whose things are known to belong to somebody."""
    return set(_owners)


def register_consumer(consumer: Consumer) -> None:
    """Hand activities to a consumer, in the order of their numbers.

    An activity comes once or again (then its `is_resent` is set), so a consumer is idempotent.
    """
    _consumers[consumer.name] = consumer


def consumers() -> list[Consumer]:
    return sorted(_consumers.values(), key=lambda one: (one.order, one.name))


def is_known_verb(verb: str) -> bool:
    return verb in _verbs or verb.startswith(IMPORT_PREFIX)


def may_say(verb: str, speaker: Speaker) -> bool:
    """Whether somebody from outside may bring in facts with this verb."""
    if verb.startswith(IMPORT_PREFIX):
        return True
    return _speakers.get(verb, PORTAL_ONLY).include(speaker)


def is_open_to_some(verb: str) -> bool:
    """Whether anybody beside the portal's own services may say a registered verb."""
    return _speakers.get(verb, PORTAL_ONLY) != PORTAL_ONLY


def speakers_of_verbs() -> dict[str, Speakers]:
    """Every registered verb with who may say it beside the portal."""
    return dict(_speakers)


def verb_label(verb: str) -> str:
    return str(_verbs.get(verb, verb))


def verb_choices() -> list[tuple[str, str]]:
    return sorted(((verb, str(label)) for verb, label in _verbs.items()), key=lambda pair: pair[1])


def resolve_objects(objects: Iterable[str], viewer: Any) -> dict[str, ObjectLink]:
    """Return a link for each `<noun>:<id>` that leads `viewer` somewhere; one query a noun."""
    links = {}
    for noun, identifiers in _by_noun(objects).items():
        if noun in _resolvers:
            found = _resolvers[noun](identifiers, viewer)
            links.update({f"{noun}:{identifier}": link for identifier, link in found.items()})
    return links


def numbers_of(identifiers: Iterable[str]) -> list[int]:
    """Those that may be keys of rows, as numbers: what outside names is any text at all."""
    return [int(one) for one in identifiers if NUMBER.fullmatch(one)]


def _by_noun(objects: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for text in objects:
        noun, _, identifier = text.partition(":")
        if identifier:
            found.setdefault(noun, set()).add(identifier)
    return found
