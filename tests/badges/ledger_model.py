"""The economy in plain Python, slow and obvious: what the ledger machine holds the product to.

Nothing is stored that can be counted again: room under limits and budgets, claims and badges are
worked out from the log and the payments whenever they are asked for.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.factories.programs import badge, rule

MEMBERS_ZONE = ZoneInfo("Europe/Istanbul")
DONE, VISITED = "import.done", "import.visited"
POINTS, EXPERIENCE = "points", "experience"
BOTH = [{"currency": POINTS, "per_value": 2}, {"currency": EXPERIENCE, "per_value": 3}]
# Two programmes that bring and take away limits, budgets and rules.
PROGRAMS = [
    [
        rule("done", DONE, 10, limit=[{"amount": 25, "per": "day"}]),
        rule(
            "thing",
            DONE,
            award=BOTH,
            once_per="object",
            limit=[{"times": 3, "per": "week"}],
            budget=40,
        ),
        rule("visit", VISITED, 3, once_per="day"),
        rule("first", VISITED, 7, when={"first_time": True}),
        rule("habit", VISITED, 5, EXPERIENCE, limit=[{"times": 3, "per": "ever"}]),
    ],
    [
        rule("done", DONE, 10, budget=60),
        rule("thing", DONE, award=BOTH, once_per="object"),
        rule("visit", VISITED, 3, limit=[{"amount": 8, "per": "month"}]),
        rule("veteran", VISITED, 4, when={"member": {"level": ["explorer", "expert"]}}),
    ],
]
BADGES = [
    badge("both", {"all": [{"badge": "three"}, {"badge": "streak"}]}),
    badge("three", {"count": {"verb": DONE}, "at_least": 3}),
    badge("heavy", {"sum": {"verb": DONE, "per": "object"}, "at_least": 4}, repeatable=True),
    badge("streak", {"streak": {"verb": VISITED}, "at_least": 3}),
    badge("lately", {"count": {"verb": VISITED, "within": 2}, "at_least": 3}),
    badge("rich", {"balance": POINTS, "at_least": 40}),
    badge("wide", {"distinct": {"verb": [DONE, VISITED]}, "at_least": 3}),
]
LEVELS = [("newcomer", 0), ("explorer", 12), ("expert", 30)]


@dataclass(eq=False)
class Row:
    """A fact, or with `depth` what undid or restored it; `paid` is (rule, currency) to amount."""

    key: str
    verb: str
    object: str
    value: int
    at: datetime
    depth: int = 0
    origin: "Row | None" = None
    paid: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def fact(self) -> "Row":
        return self.origin or self

    @property
    def day(self) -> date:
        return self.fact.at.astimezone(MEMBERS_ZONE).date()

    @property
    def sign(self) -> int:
        return -1 if self.depth % 2 else 1

    @property
    def place(self):
        return self.at, self.depth > 0, self.key


@dataclass(eq=False)
class Owner:
    """A member: their log, what they hold, and the places they took."""

    is_verified: bool
    log: list[Row] = field(default_factory=list)
    wallet: Counter = field(default_factory=Counter)
    held: Counter = field(default_factory=Counter)
    debt: Counter = field(default_factory=Counter)
    peak: Counter = field(default_factory=Counter)
    claims: dict[tuple[str, str], Row] = field(default_factory=dict)
    badges: set[tuple[str, str]] = field(default_factory=set)

    @property
    def level(self) -> str:
        return [code for code, least in LEVELS if least <= self.wallet[EXPERIENCE]][-1]

    def credit(self, currency: str, amount: int) -> None:
        repaid = min(amount, self.debt[currency])
        self.debt[currency] -= repaid
        kept = self.wallet if self.is_verified else self.held
        kept[currency] += amount - repaid
        self.peak[currency] = max(self.peak[currency], self.wallet[currency])

    def debit(self, currency: str, amount: int) -> None:
        for kept in (self.held, self.wallet):
            taken = min(amount, kept[currency])
            kept[currency] -= taken
            amount -= taken
        self.debt[currency] += amount


class Economy:
    def __init__(self, owners: dict[int, Owner]):
        self.owners = owners
        self.rules = []

    def record(self, pk: int, row: Row) -> None:
        self.bring_in([(pk, row)])

    def bring_in(self, rows: list[tuple[int, Row]]) -> None:
        """Pay for facts one after the other; badges look at the log in which all of them are."""
        for pk, row in rows:
            self._record(self.owners[pk], row)
        for pk, row in rows:
            self._give_badges(self.owners[pk], row)

    def _record(self, owner: Owner, row: Row) -> None:
        level = owner.level
        for one in self.rules:
            if row.verb == one["verb"] and self._fits(one, owner, row, level):
                self._pay(one, owner, row)
        owner.log.append(row)

    def flip(self, pk: int, fact: Row, key: str, at: datetime) -> Row:
        """Reverse what stands, restore what does not."""
        owner = self.owners[pk]
        tip = max((row for row in owner.log if row.fact is fact), key=lambda row: row.depth)
        row = Row(key, fact.verb, fact.object, fact.value, at, tip.depth + 1, fact)
        if row.sign < 0:
            self._take_back(owner, tip, row)
        else:
            self._restore(owner, tip, row)
        owner.log.append(row)
        self._give_badges(owner, row)
        return row

    def take(self, pk: int, currency: str, amount: int) -> None:
        self.owners[pk].wallet[currency] -= amount

    def verify_address(self, pk: int) -> None:
        owner = self.owners[pk]
        owner.is_verified = True
        for currency, amount in owner.held.items():
            owner.wallet[currency] += amount
            owner.peak[currency] = max(owner.peak[currency], owner.wallet[currency])
        owner.held.clear()
        self._give_badges(owner)

    def paid(self, code: str, currency: str, owner: Owner | None = None, when=lambda fact: True):
        """(amount, times) that a rule has paid and not taken back."""
        owners = self.owners.values() if owner is None else [owner]
        amounts = [
            amount
            for one in owners
            for row in one.log
            for (rule_code, paid_in), amount in row.paid.items()
            if (rule_code, paid_in) == (code, currency) and when(row.fact)
        ]
        return sum(amounts), sum(1 if amount > 0 else -1 for amount in amounts)

    def _fits(self, one: dict, owner: Owner, row: Row, level: str) -> bool:
        when = one.get("when", {})
        if one.get("once_per") == "object" and not row.object:
            return False
        if when.get("first_time"):
            return sum(other.sign for other in owner.log if other.verb == row.verb) == 0
        return "member" not in when or level in when["member"]["level"]

    def _pay(self, one: dict, owner: Owner, row: Row) -> None:
        bucket = _bucket(one, row)
        if bucket and (one["code"], bucket) in owner.claims:
            return
        for award in _awards(one):
            wanted = award.get("amount") or max(0, award["per_value"] * row.value)
            amount = self._left(one, award["currency"], wanted, owner, row)
            if amount:
                row.paid[one["code"], award["currency"]] = amount
                owner.credit(award["currency"], amount)
                if bucket:
                    owner.claims[one["code"], bucket] = row

    def _left(self, one: dict, currency: str, wanted: int, owner: Owner, row: Row) -> int:
        code = one["code"]
        for limit in one.get("limit", []):
            period = _period(limit["per"], row.at)
            used, times = self.paid(
                code, currency, owner, lambda f, per=limit["per"], p=period: _period(per, f.at) == p
            )
            if "times" in limit:
                wanted = wanted if times < limit["times"] else 0
            else:
                wanted = min(wanted, max(0, limit["amount"] - used))
        if "budget" in one:
            wanted = min(wanted, max(0, one["budget"] - self.paid(code, currency)[0]))
        return wanted

    def _take_back(self, owner: Owner, tip: Row, row: Row) -> None:
        for (code, currency), amount in tip.paid.items():
            row.paid[code, currency] = -amount
            owner.debit(currency, amount)
            held = {key: fact for key, fact in owner.claims.items() if key[0] == code}
            for key, fact in held.items():
                if fact is row.fact:
                    del owner.claims[key]

    def _restore(self, owner: Owner, tip: Row, row: Row) -> None:
        """All that a rule had paid for the fact, or nothing of it."""
        rules = {one["code"]: one for one in self.rules}
        for code in dict.fromkeys(code for code, _currency in tip.paid):
            amounts = {c: -amount for (other, c), amount in tip.paid.items() if other == code}
            one = rules.get(code)
            if one:
                bucket = _bucket(one, row.fact)
                lacks_room = any(
                    self._left(one, currency, amount, owner, row.fact) != amount
                    for currency, amount in amounts.items()
                )
                if lacks_room or (bucket and (code, bucket) in owner.claims):
                    continue
                if bucket:
                    owner.claims[code, bucket] = row.fact
            for currency, amount in amounts.items():
                row.paid[code, currency] = amount
                owner.credit(currency, amount)

    def _give_badges(self, owner: Owner, news: Row | None = None) -> None:
        """What is due at some moment of the log from the new row on, as before it nothing moved."""
        log = sorted(owner.log, key=lambda row: row.place)
        for end in range(log.index(news) if news else len(log), len(log)):
            owner.badges |= _met(log[: end + 1])
        if owner.peak[POINTS] >= 40:
            owner.badges.add(("rich", ""))
        if {("three", ""), ("streak", "")} <= owner.badges:
            owner.badges.add(("both", ""))


def _met(log: list[Row]) -> set[tuple[str, str]]:
    """The badges whose criterion is met at the end of this log."""
    met = set()
    done = [row for row in log if row.verb == DONE]
    weights, things, days = Counter(), Counter(), Counter()
    for row in log:
        things[row.object] += row.sign
        if row.verb == DONE:
            weights[row.object] += row.sign * row.value
        else:
            days[row.day] += row.sign
    if sum(row.sign for row in done) >= 3:
        met.add(("three", ""))
    if log[-1].verb == DONE:
        met |= {("heavy", o) for o, n in weights.items() if o and n >= 4 and o == log[-1].object}
    visited = {day for day, count in days.items() if count > 0}
    if any({day + timedelta(n) for n in range(3)} <= visited for day in visited):
        met.add(("streak", ""))
    if any(days[day] + days[day - timedelta(1)] >= 3 for day in list(days)):
        met.add(("lately", ""))
    if sum(1 for thing, count in things.items() if thing and count > 0) >= 3:
        met.add(("wide", ""))
    return met


def _awards(one: dict) -> list[dict]:
    return one["award"] if isinstance(one["award"], list) else [one["award"]]


def _bucket(one: dict, fact: Row) -> str | None:
    kind = one.get("once_per", "activity")
    return {
        "activity": None,
        "object": f"object {fact.object}",
        "day": _period("day", fact.at),
    }[kind]


def _period(per: str, moment: datetime) -> str:
    local = moment.astimezone(UTC)
    year, week, _day = local.isocalendar()
    return {
        "day": f"{local:%Y-%m-%d}",
        "week": f"{year}-W{week:02}",
        "month": f"{local:%Y-%m}",
        "ever": "ever",
    }[per]
