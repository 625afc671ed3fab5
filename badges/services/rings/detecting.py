"""Rules by which a crowd looks like one hand; everybody can work them out again.

Sharing an address proves nothing (families, offices), nor does liking the same idea; so each rule
asks for behaviour: most of what a member gave went to the few, again and again. What is shared,
the moment of joining and the minute of acting come on top of that.
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import combinations

from badges.services.rings.evidence import Evidence, Scene, Suspicion, components, merged

# A ring has at least so many members, of whom each endorsed the others so often.
LEAST = 3
OFTEN = 3
# So much of what they gave went to the few.
MOSTLY = 0.5
# More members than this behind one address are an office, a school or a mobile network.
HOUSEHOLD = 30
# Accounts made within this time of one another may be made by one hand.
TOGETHER = timedelta(hours=48)
FANS = 4
# Receivers that got at least this part of what a giver gave are the ones meant.
MEANT = 0.2
# Acting on the same thing within this time, on so many different things.
MOMENT = timedelta(seconds=60)
COINCIDENCES = 3
# More than so many in one moment came from a newsletter or a notice.
CROWD = 40


def suspicions(scene: Scene) -> list[Suspicion]:
    """Everybody who looks like one hand, each group once with all that speaks for it."""
    found = [one for rule in RULES for one in rule(scene)]
    return [_completed(one, scene) for one in merged(found)]


def of_one_hand(scene: Scene) -> Iterator[Suspicion]:
    """Members seen with the same thing, most of whose endorsements went to a few together."""
    for (kind, _digest), members in scene.sharing.items():
        if not LEAST <= len(members) <= HOUSEHOLD:
            continue
        meant = members | _common_receivers(scene, members)
        focused = _focused(scene, members, meant)
        if len(focused) >= LEAST:
            times = sum(scene.inside(one, meant) for one in focused)
            yield Suspicion(focused | (meant & members), [Evidence(kind, len(members), times)])


def of_each_other(scene: Scene) -> Iterator[Suspicion]:
    """Members who endorse one another, and hardly anybody else."""
    mutual = defaultdict(set)
    for giver, receiver in scene.pairs:
        if scene.pairs[receiver, giver]:
            mutual[giver].add(receiver)
    focused = {
        one
        for one, partners in mutual.items()
        if scene.share_inside(one, frozenset(partners)) >= MOSTLY
        and scene.inside(one, frozenset(partners)) >= OFTEN
    }
    edges = [(a, b) for a in focused for b in mutual[a] & focused if a < b]
    for members in components(edges):
        pairs = sum(a in members for a, _b in edges)
        if len(members) >= LEAST and pairs * 2 >= len(members) * (len(members) - 1) * MOSTLY:
            yield Suspicion(members, [Evidence("mutual", len(members), pairs)])


def of_one_target(scene: Scene) -> Iterator[Suspicion]:
    """Accounts made within two days of one another that give only to the same few."""
    fans: dict[frozenset[int], list[int]] = defaultdict(list)
    for giver, given in scene.given.items():
        meant = _meant_by(scene, giver)
        things = {one.object for one in given if one.receiver in meant}
        if len(things) >= OFTEN and scene.share_inside(giver, meant) > MOSTLY:
            fans[meant].append(giver)
    for meant, givers in fans.items():
        for crowd in _made_together(scene, givers):
            times = sum(scene.inside(one, meant) for one in crowd)
            yield Suspicion(frozenset(crowd) | meant, [Evidence("target", len(crowd), times)])


def of_the_same_minutes(scene: Scene) -> Iterator[Suspicion]:
    """Members who endorsed several things together, each time within the same minute."""
    together: Counter[tuple[int, int]] = Counter()
    for given in scene.by_object.values():
        together.update(_within_a_moment(given))
    edges = [pair for pair, times in together.items() if times >= COINCIDENCES]
    for members in components(edges):
        if len(members) >= LEAST:
            times = sum(together[pair] for pair in edges if pair[0] in members)
            yield Suspicion(members, [Evidence("minutes", len(members), times)])


RULES: tuple[Callable[[Scene], Iterator[Suspicion]], ...] = (
    of_one_hand,
    of_each_other,
    of_one_target,
    of_the_same_minutes,
)


def _common_receivers(scene: Scene, members: frozenset[int]) -> frozenset[int]:
    """Whom at least three of the members, and more than half of them, mean."""
    meant = Counter(one for member in members for one in _meant_by(scene, member))
    least = max(LEAST, len(members) // 2 + 1)
    return frozenset(one for one, times in meant.items() if times >= least)


def _focused(scene: Scene, members: frozenset[int], meant: frozenset[int]) -> frozenset[int]:
    return frozenset(
        one
        for one in members
        if scene.inside(one, meant) >= OFTEN and scene.share_inside(one, meant) > MOSTLY
    )


def _meant_by(scene: Scene, giver: int) -> frozenset[int]:
    """The few to whom a giver gives again and again."""
    given = scene.receivers_of(giver)
    total = given.total()
    return frozenset(one for one, n in given.items() if n >= 2 and n >= MEANT * total)


def _made_together(scene: Scene, givers: list[int]) -> Iterator[list[int]]:
    """Runs of accounts of which each was made within two days of the run's first."""
    known = sorted((one for one in givers if one in scene.joined), key=scene.joined.__getitem__)
    run: list[int] = []
    for one in known:
        if run and scene.joined[one] - scene.joined[run[0]] > TOGETHER:
            if len(run) >= FANS:
                yield run
            run = []
        run.append(one)
    if len(run) >= FANS:
        yield run


def _within_a_moment(given: list) -> set[tuple[int, int]]:
    """Pairs who endorsed one thing within a minute; none of a crowd that something sent there."""
    ordered = sorted(given, key=lambda one: one.at)
    moments = [one.at for one in ordered]
    pairs: set[tuple[int, int]] = set()
    for end, one in enumerate(ordered):
        start = bisect_left(moments, one.at - MOMENT)
        if bisect_right(moments, one.at + MOMENT) - start > CROWD:
            continue
        others = {other.giver for other in ordered[start:end]} - {one.giver}
        pairs |= {(min(one.giver, other), max(one.giver, other)) for other in others}
    return pairs


def _completed(one: Suspicion, scene: Scene) -> Suspicion:
    """With what else its members have in common: a thing they share, the days of their joining."""
    known = {evidence.kind for evidence in one.evidence}
    more = list(one.evidence)
    shared: Counter[str] = Counter()
    for (kind, _digest), members in scene.sharing.items():
        if len(members) <= HOUSEHOLD:
            shared[kind] = max(shared[kind], len(members & one.members))
    more += [Evidence(k, n) for k, n in sorted(shared.items()) if n > 1 and k not in known]
    if pairs := sum(
        scene.pairs[a, b] > 0 and scene.pairs[b, a] > 0 for a, b in combinations(one.members, 2)
    ):
        more += [Evidence("mutual", len(one.members), pairs)] if "mutual" not in known else []
    made = max(map(len, _made_together(scene, list(one.members))), default=0)
    if made:
        more.append(Evidence("joined", made))
    return Suspicion(one.members, more)
