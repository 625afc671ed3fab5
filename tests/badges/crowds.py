"""A generator of honest crowds and planted rings, for the rules that tell them apart.

The honest are not made easy: families and offices behind one address, families who vote for one of
theirs, popular ideas, newcomers whom a link brought to one idea, friends who like each other's
ideas, a newsletter that sends many to one idea within minutes.
"""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from badges.services.rings.detecting import suspicions
from badges.services.rings.evidence import Endorsement, Scene, Suspicion, Trace

START = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 28
KINDS = ("accounts", "mutual", "target", "script")


@dataclass
class Crowd:
    """Members 1 to `size`, what they did, and the rings that were planted among them."""

    size: int
    rings: int
    seed: int
    endorsements: list[Endorsement] = field(default_factory=list)
    traces: list[Trace] = field(default_factory=list)
    joined: dict[int, datetime] = field(default_factory=dict)
    planted: list[frozenset[int]] = field(default_factory=list)

    def __post_init__(self):
        self.dice = random.Random(self.seed)
        self.ideas: dict[int, list[str]] = {}
        self._join()
        puppets = self._plant()
        honest = [one for one in range(1, self.size + 1) if one not in puppets]
        self._live(honest)

    @property
    def scene(self) -> Scene:
        return Scene(self.endorsements, self.traces, self.joined)

    def vote(self, giver, receiver, number, at):
        idea = f"idea:{receiver}-{number}"
        self.endorsements.append(Endorsement(giver, receiver, idea, at))

    def moment(self, since=None):
        begin = max(since or START, START)
        return begin + timedelta(seconds=self.dice.random() * DAYS * 43_200)

    def _join(self):
        for one in range(1, self.size + 1):
            days = self.dice.uniform(-300, DAYS / 2)
            self.joined[one] = START + timedelta(days=days)
            self.traces.append(Trace(one, "device", f"device-{one}"))
            self.traces.append(Trace(one, "address", f"address-{one}"))

    # The planted ---------------------------------------------------------------------------

    def _plant(self):
        ids = self.dice.sample(range(1, self.size + 1), self.size)
        puppets = set()
        for number in range(self.rings):
            members = [ids.pop() for _n in range(self.dice.randint(4, 14))]
            puppets.update(members)
            self.planted.append(frozenset(members))
            getattr(self, f"_ring_of_{KINDS[number % len(KINDS)]}")(number, members)
            for one in members:
                self._camouflage(one)
        return puppets

    def _made_at_once(self, members):
        made = self.moment() - timedelta(days=10)
        for one in members:
            self.joined[one] = made + timedelta(minutes=self.dice.randint(1, 600))

    def _ring_of_accounts(self, number, members):
        """One person with many accounts: one device or address, all votes to the first two."""
        kind = self.dice.choice(("device", "address", "mailbox"))
        self.traces += [Trace(one, kind, f"ring-{number}") for one in members]
        for one in members:
            for receiver in members[:2]:
                for idea in range(self.dice.randint(2, 4)):
                    if receiver != one:
                        self.vote(one, receiver, idea, self.moment())

    def _ring_of_mutual(self, number, members):
        """Real people, own devices and addresses, who vote for each other."""
        for one in members:
            for other in members:
                if one != other and self.dice.random() < 0.9:
                    self.vote(one, other, self.dice.randint(0, 2), self.moment())

    def _ring_of_target(self, number, members):
        """Bought accounts from everywhere that give to one member alone."""
        self._made_at_once(members[1:])
        for one in members[1:]:
            for idea in range(self.dice.randint(3, 5)):
                self.vote(one, members[0], idea, self.moment(self.joined[one]))

    def _ring_of_script(self, number, members):
        """A script that goes through its accounts, seconds apart, for whoever pays."""
        for _n in range(6):
            receiver, at = self.dice.randint(1, self.size), self.moment()
            for one in members:
                at += timedelta(seconds=self.dice.uniform(1, 20))
                if receiver != one:
                    self.vote(one, receiver, 0, at)

    def _camouflage(self, member):
        for _n in range(self.dice.randint(0, 2)):
            self.vote(member, self.dice.randint(1, self.size), 0, self.moment())

    # The honest ----------------------------------------------------------------------------

    def _live(self, honest):
        authors = self.dice.sample(honest, max(20, self.size // 10))
        popular = authors[: max(4, len(authors) // 50)]
        for one in honest:
            for _n in range(int(self.dice.expovariate(1 / 6))):
                circle = popular if self.dice.random() < 0.4 else authors
                receiver, idea = self.dice.choice(circle), self.dice.randint(0, 4)
                self.vote(one, receiver, idea, self.moment())
        self._families(honest, authors)
        self._offices(honest)
        self._friends(authors)
        self._sent_by_a_link(honest, popular)
        self._newsletter(honest, popular)

    def _families(self, honest, authors):
        for number in range(self.size // 25):
            family = self.dice.sample(honest, self.dice.randint(2, 5))
            self.traces += [Trace(one, "address", f"home-{number}") for one in family]
            if number % 3 == 0:
                self.traces += [Trace(one, "device", f"tablet-{number}") for one in family]
            for one in family[1:]:
                self.vote(one, family[0], 0, self.moment())
                for _n in range(self.dice.randint(1, 4)):
                    self.vote(one, self.dice.choice(authors), 1, self.moment())

    def _offices(self, honest):
        for number in range(max(1, self.size // 1_000)):
            for one in self.dice.sample(honest, min(60, len(honest) // 4)):
                self.traces.append(Trace(one, "address", f"office-{number}"))

    def _friends(self, authors):
        """Authors who like each other's ideas, and others' as well."""
        for _n in range(self.size // 200):
            friends = self.dice.sample(authors, 4)
            for one in friends:
                for other in friends:
                    if one != other and self.dice.random() < 0.7:
                        self.vote(one, other, 0, self.moment())
                for _m in range(self.dice.randint(4, 12)):
                    self.vote(one, self.dice.choice(authors), 2, self.moment())

    def _sent_by_a_link(self, honest, popular):
        """Newcomers whom a link brought within a day; they vote for that one idea."""
        for one in self.dice.sample(honest, self.size // 50):
            self.joined[one] = START + timedelta(days=5, hours=self.dice.random() * 20)
            self.vote(one, popular[0], 0, self.joined[one] + timedelta(minutes=2))

    def _newsletter(self, honest, popular):
        """Three letters, each of which sends many to one idea within minutes."""
        for number in range(3):
            at = self.moment()
            for one in self.dice.sample(honest, self.size // 20):
                when = at + timedelta(seconds=self.dice.random() * 900)
                self.vote(one, popular[1], number, when)


@dataclass(frozen=True)
class Verdict:
    """How well what was found fits what was planted."""

    planted: int
    found: int
    right: int
    hit: int

    @property
    def recall(self) -> float:
        return self.hit / self.planted

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0.0


def judge(found: list[Suspicion], planted: list[frozenset[int]]) -> Verdict:
    """A finding is right where half of its members are of one ring, and most of the ring in it."""

    def fits(one, ring):
        common = len(one.members & ring)
        return 2 * common >= len(one.members) and 2 * common >= len(ring)

    right = sum(any(fits(one, ring) for ring in planted) for one in found)
    hit = sum(any(fits(one, ring) for one in found) for ring in planted)
    return Verdict(len(planted), len(found), right, hit)


def verdict_of(crowd: Crowd) -> Verdict:
    return judge(suspicions(crowd.scene), crowd.planted)
