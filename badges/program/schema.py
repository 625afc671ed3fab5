"""The programme as a document: what contract.md, section 4 says, as types that refuse the rest.

Everything that runs (rules judged, criteria met, levels reached) reads these objects; the YAML
file, the draft in the CMS and a published version are the same document in other clothes.
"""

from datetime import UTC, date, datetime
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

MAX_AMOUNT = 1_000_000_000

Code = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)]
Period = Literal["day", "week", "month", "ever"]
Verbs = Annotated[
    list[StrictStr],
    BeforeValidator(lambda verb: [verb] if isinstance(verb, str) else verb),
    Field(min_length=1),
]


def _aware(moment: object) -> object:
    if isinstance(moment, datetime) and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"unknown time zone {name!r}")
    return name


Moment = Annotated[datetime, AfterValidator(_aware)]
Zone = Annotated[StrictStr, AfterValidator(_known_zone)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Text(Part):
    en: Words
    tr: Words

    def in_language(self, language: str) -> str:
        return self.tr if language.startswith("tr") else self.en


class Currency(Part):
    name: Text
    spendable: StrictBool


class ValueTest(Part):
    equals: StrictInt | None = None
    at_least: StrictInt | None = None
    at_most: StrictInt | None = None

    def holds(self, value: int) -> bool:
        return (
            (self.equals is None or value == self.equals)
            and (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
        )


class ObjectTest(Part):
    prefix: Annotated[str, Field(strict=True, min_length=1, max_length=100)]


class MemberTest(Part):
    role: list[StrictStr] | None = None
    level: list[Code] | None = None


class When(Part):
    value: ValueTest | None = None
    object: ObjectTest | None = None
    member: MemberTest | None = None
    first_time: StrictBool | None = None


class Award(Part):
    currency: Code
    amount: Amount | None = None
    per_value: Amount | None = None

    @model_validator(mode="after")
    def _one_amount(self):
        if (self.amount is None) == (self.per_value is None):
            raise ValueError("give either amount or per_value")
        return self

    def for_value(self, value: int) -> int:
        return self.amount if self.amount is not None else max(0, self.per_value * value)


class Limit(Part):
    amount: Amount | None = None
    times: Amount | None = None
    per: Period

    @model_validator(mode="after")
    def _one_measure(self):
        if (self.amount is None) == (self.times is None):
            raise ValueError("give either amount or times")
        return self


Awards = Annotated[
    list[Award],
    BeforeValidator(lambda award: [award] if isinstance(award, dict | Award) else award),
    Field(min_length=1),
]


class Rule(Part):
    code: Code
    name: Text | None = None
    verb: Verbs
    when: When | None = None
    award: Awards
    once_per: Literal["activity", "object", "member", "day"] = "activity"
    limit: list[Limit] = []
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    budget: Amount | None = None
    holdout: Annotated[int, Field(strict=True, ge=0, le=100)] = 0

    @model_validator(mode="after")
    def _consistent(self):
        codes = [award.currency for award in self.award]
        if len(set(codes)) != len(codes):
            raise ValueError("one award a currency")
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValueError("ends_at must lie after starts_at")
        return self


class Measure(Part):
    """What count, sum, distinct and streak look at."""

    verb: Verbs
    object: ObjectTest | None = None
    value: ValueTest | None = None
    within: Amount | None = None


class PerObject(Measure):
    per: Literal["object"] | None = None


class Streak(Measure):
    grace: Annotated[int, Field(strict=True, ge=0, le=30)] = 0


class Criterion(Part):
    count: PerObject | None = None
    sum: PerObject | None = None
    distinct: Measure | None = None
    streak: Streak | None = None
    balance: Code | None = None
    badge: Code | None = None
    all: list["Criterion"] | None = None
    any: list["Criterion"] | None = None
    at_least: Amount | None = None

    @model_validator(mode="after")
    def _one_kind(self):
        kinds = [name for name in CRITERION_KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            raise ValueError(f"give exactly one of {', '.join(CRITERION_KINDS)}")
        if (kinds[0] in MEASURED) != (self.at_least is not None):
            raise ValueError("at_least belongs to count, sum, distinct, streak and balance")
        if kinds[0] in ("all", "any") and not getattr(self, kinds[0]):
            raise ValueError(f"{kinds[0]} needs at least one criterion")
        return self

    @cached_property
    def kind(self) -> str:
        return next(name for name in CRITERION_KINDS if getattr(self, name) is not None)

    @property
    def measure(self) -> Measure | None:
        return getattr(self, self.kind) if self.kind in MEASURES else None

    @property
    def parts(self) -> list["Criterion"]:
        return (self.all or self.any or []) if self.kind in ("all", "any") else []

    def walk(self):
        """This criterion and all inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def is_per_object(self) -> bool:
        return any(getattr(part.measure, "per", None) for part in self.walk())


MEASURES = ("count", "sum", "distinct", "streak")
MEASURED = (*MEASURES, "balance")
CRITERION_KINDS = (*MEASURED, "badge", "all", "any")


class Picture(Part):
    shape: Literal["circle", "shield", "hexagon", "drop"] = "circle"
    icon: Annotated[str, Field(strict=True, pattern=r"^[a-z0-9-]+$", max_length=40)] = "star"
    colour: Annotated[str, Field(strict=True, pattern=r"^[a-z]+$", max_length=20)] = "teal"


class Badge(Part):
    code: Code
    name: Text
    description: Text | None = None
    tier: Literal["bronze", "silver", "gold"] = "bronze"
    picture: Picture = Picture()
    criterion: Criterion
    repeatable: StrictBool = False

    @model_validator(mode="after")
    def _repeatable_needs_object(self):
        if self.repeatable and not self.criterion.is_per_object:
            raise ValueError("repeatable needs a criterion with per: object")
        return self

    @cached_property
    def verbs(self) -> frozenset[str]:
        measures = (part.measure for part in self.criterion.walk())
        return frozenset(verb for measure in measures if measure for verb in measure.verb)

    @cached_property
    def is_derived(self) -> bool:
        """True when it also depends on balances or other badges."""
        return any(part.kind in ("balance", "badge") for part in self.criterion.walk())


class Level(Part):
    code: Code
    name: Text
    experience: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)]


class Season(Part):
    code: Code
    name: Text
    starts_on: date
    ends_on: date


class Program(Part):
    """A whole programme: currencies, rules, badges, levels and seasons in force together."""

    program: Literal[1]
    timezone: Zone = "UTC"
    currencies: dict[Code, Currency]
    rules: list[Rule] = []
    badges: list[Badge] = []
    levels: list[Level] = []
    seasons: list[Season] = []

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @cached_property
    def rules_by_verb(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            for verb in rule.verb:
                found.setdefault(verb, []).append(rule)
        return found

    @cached_property
    def rules_by_code(self) -> dict[str, Rule]:
        return {rule.code: rule for rule in self.rules}

    @cached_property
    def badges_by_code(self) -> dict[str, Badge]:
        return {badge.code: badge for badge in self.badges}

    @cached_property
    def levels_upwards(self) -> list[Level]:
        return sorted(self.levels, key=lambda level: level.experience)

    def level_at(self, experience: int) -> Level | None:
        reached = [level for level in self.levels_upwards if level.experience <= experience]
        return reached[-1] if reached else None

    def level_after(self, experience: int) -> Level | None:
        ahead = (level for level in self.levels_upwards if level.experience > experience)
        return next(ahead, None)

    def season_at(self, day: date) -> Season | None:
        return next((s for s in self.seasons if s.starts_on <= day <= s.ends_on), None)


EMPTY_PROGRAM = {
    "program": 1,
    "timezone": "UTC",
    "currencies": {
        "points": {"name": {"en": "Points", "tr": "Puan"}, "spendable": True},
        "experience": {"name": {"en": "Experience", "tr": "Deneyim"}, "spendable": False},
    },
    "rules": [],
    "badges": [],
    "levels": [],
}
