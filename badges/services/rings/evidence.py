"""What is known of members who may be one hand: who endorsed whom, when, and from where.

Nothing here reads the database, so that a generator of crowds can be held against it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import NamedTuple


class Endorsement(NamedTuple):
    """`giver` did something good to a thing of `receiver`: voted for it, for example."""

    giver: int
    receiver: int
    object: str
    at: datetime


class Trace(NamedTuple):
    """A member was seen with something that others may share; `digest` says nothing by itself."""

    member: int
    kind: str
    digest: str


@dataclass(frozen=True)
class Evidence:
    """One thing that speaks for a ring: `kind`, how many members it is about, how often."""

    kind: str
    members: int
    times: int = 0


@dataclass
class Suspicion:
    """Members who may be one hand, and everything that speaks for it."""

    members: frozenset[int]
    evidence: list[Evidence] = field(default_factory=list)

    def overlaps(self, other: "Suspicion") -> bool:
        """Whether half of the smaller one is in the other."""
        common = len(self.members & other.members)
        return 2 * common >= min(len(self.members), len(other.members))

    def join(self, other: "Suspicion") -> "Suspicion":
        """Both as one; of the same kind of evidence the stronger stays."""
        strongest: dict[str, Evidence] = {}
        for one in (*self.evidence, *other.evidence):
            known = strongest.get(one.kind)
            if known is None or (one.members, one.times) > (known.members, known.times):
                strongest[one.kind] = one
        return Suspicion(self.members | other.members, list(strongest.values()))


class Scene:
    """Everything that happened in the window, by giver, pair and object."""

    def __init__(
        self,
        endorsements: Iterable[Endorsement],
        traces: Iterable[Trace] = (),
        joined: dict[int, datetime] | None = None,
    ):
        self.joined = joined or {}
        self.traces = list(traces)
        self.given: dict[int, list[Endorsement]] = defaultdict(list)
        self.pairs: Counter[tuple[int, int]] = Counter()
        self.by_object: dict[str, list[Endorsement]] = defaultdict(list)
        for one in endorsements:
            if one.giver != one.receiver:
                self.given[one.giver].append(one)
                self.pairs[one.giver, one.receiver] += 1
                self.by_object[one.object].append(one)

    @cached_property
    def sharing(self) -> dict[tuple[str, str], frozenset[int]]:
        """Who was seen with each thing."""
        found: dict[tuple[str, str], set[int]] = defaultdict(set)
        for trace in self.traces:
            found[trace.kind, trace.digest].add(trace.member)
        return {key: frozenset(members) for key, members in found.items()}

    def receivers_of(self, giver: int) -> Counter[int]:
        return Counter(one.receiver for one in self.given.get(giver, ()))

    def inside(self, giver: int, receivers: frozenset[int]) -> int:
        """How often a giver endorsed one of `receivers`."""
        return sum(one.receiver in receivers for one in self.given.get(giver, ()))

    def share_inside(self, giver: int, receivers: frozenset[int]) -> float:
        """Which part of what a giver gave went to `receivers`."""
        given = len(self.given.get(giver, ()))
        return self.inside(giver, receivers) / given if given else 0.0


def components(edges: Iterable[tuple[int, int]]) -> list[frozenset[int]]:
    """The connected parts of a graph, by union and find."""
    parent: dict[int, int] = {}

    def root(node: int) -> int:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for left, right in edges:
        parent[root(left)] = root(right)
    found: dict[int, set[int]] = defaultdict(set)
    for node in list(parent):
        found[root(node)].add(node)
    return [frozenset(members) for members in found.values()]


def merged(suspicions: Sequence[Suspicion]) -> list[Suspicion]:
    """Those that are mostly about the same members, as one; the largest first."""
    done: list[Suspicion] = []
    for one in sorted(suspicions, key=lambda one: (-len(one.members), sorted(one.members))):
        while known := next((other for other in done if other.overlaps(one)), None):
            done.remove(known)
            one = known.join(one)
        done.append(one)
    return sorted(done, key=lambda one: (-len(one.members), sorted(one.members)))
