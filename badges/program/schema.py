"""The programme as a document: what contract.md, section 4 says, as types that refuse the rest.

Everything that runs (rules judged, criteria met, levels reached) reads these objects; the YAML
file, the draft in the CMS and a published version are the same document in other clothes.
"""

from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, Field, StrictBool, StrictStr, model_validator

from badges.program.criteria import Criterion, Measure
from badges.program.vocabulary import (
    MAX_AMOUNT,
    Amount,
    Code,
    Moment,
    ObjectTest,
    Part,
    Text,
    ValueTest,
    Verbs,
    Zone,
)

Period = Literal["day", "week", "month", "ever"]


class Expiry(Part):
    """How long points last, in days: from their credit, with a warning and a time of grace."""

    after: Annotated[int, Field(strict=True, ge=1, le=3650)]
    warn: Annotated[int, Field(strict=True, ge=1, le=365)] = 30
    grace: Annotated[int, Field(strict=True, ge=0, le=365)] = 30


class Worth(Part):
    """What one unit of a currency costs the brand: a decimal as text, so that nothing is rounded.

    `currency` is a code of ISO 4217, such as TRY.
    """

    amount: Annotated[str, Field(strict=True, pattern=r"^(0|[1-9][0-9]{0,6})(\.[0-9]{1,6})?$")]
    currency: Annotated[str, Field(strict=True, pattern=r"^[A-Z]{3}$")]

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.exact:
            raise ValueError(_("leave it out where a unit is worth nothing"))
        return self

    @property
    def exact(self) -> Decimal:
        return Decimal(self.amount)


class Currency(Part):
    name: Text
    spendable: StrictBool
    worth: Worth | None = None
    expires: Expiry | None = None

    @model_validator(mode="after")
    def _only_what_is_spent_expires(self) -> Self:
        if self.expires and not self.spendable:
            raise ValueError(_("what cannot be spent does not expire"))
        return self


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
    def _one_amount(self) -> Self:
        if (self.amount is None) == (self.per_value is None):
            raise ValueError(_("give either amount or per_value"))
        return self

    def for_value(self, value: int) -> int:
        return self.amount if self.amount is not None else max(0, (self.per_value or 0) * value)


class Limit(Part):
    amount: Amount | None = None
    times: Amount | None = None
    per: Period

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.amount is None) == (self.times is None):
            raise ValueError(_("give either amount or times"))
        return self


Awards = Annotated[
    list[Award],
    BeforeValidator(lambda award: [award] if isinstance(award, dict | Award) else award),
    Field(min_length=1),
]


class Newcomers(Part):
    """What an award keeps back of members who are new, so that fresh accounts cannot cash in.

    Until `days` after they joined, and in any case until their address is verified, what would
    bring a wallet of what can be spent above `beyond` waits.
    """

    days: Annotated[int, Field(strict=True, ge=1, le=90)]
    beyond: Annotated[int, Field(strict=True, ge=0, le=MAX_AMOUNT)] = 0


class Holding(Part):
    """How long an award is kept back: some hours, until something happens to its object, or both.

    With both, whatever comes first ends it. Of newcomers what remains may wait longer.
    """

    hours: Annotated[int, Field(strict=True, ge=1, le=2160)] | None = None
    until: StrictStr | None = None
    newcomers: Newcomers | None = None

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.hours is None and self.until is None and self.newcomers is None:
            raise ValueError(_("give hours, until or both, or newcomers"))
        return self


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
    exclude: list[Literal["staff", "bots", "own"]] = []
    hold: Holding | None = None
    shadow: StrictBool = False

    def after_trial(self) -> Self:
        """The rule as it pays once it is no longer on trial."""
        return self.model_copy(update={"shadow": False})

    @cached_property
    def any_fact(self) -> Measure:
        """Every fact with the rule's verbs."""
        return Measure(verb=self.verb)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        codes = [award.currency for award in self.award]
        if len(set(codes)) != len(codes):
            raise ValueError(_("one award a currency"))
        if self.starts_at and self.ends_at and self.starts_at >= self.ends_at:
            raise ValueError(_("ends_at must lie after starts_at"))
        return self


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
    def _repeatable_needs_object(self) -> Self:
        if self.repeatable and not self.criterion.is_per_object:
            raise ValueError(_("repeatable needs a criterion with per: object"))
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
    def paying(self) -> list[Rule]:
        """The rules that run: one on trial (`shadow`) is written down and does nothing."""
        return [rule for rule in self.rules if not rule.shadow]

    @cached_property
    def rules_by_verb(self) -> dict[str, list[Rule]]:
        found: dict[str, list[Rule]] = {}
        for rule in self.paying:
            for verb in rule.verb:
                found.setdefault(verb, []).append(rule)
        return found

    @cached_property
    def rules_by_code(self) -> dict[str, Rule]:
        return {rule.code: rule for rule in self.paying}

    @cached_property
    def badges_by_code(self) -> dict[str, Badge]:
        return {badge.code: badge for badge in self.badges}

    @cached_property
    def levels_by_code(self) -> dict[str, Level]:
        return {level.code: level for level in self.levels}

    @cached_property
    def measured_currencies(self) -> frozenset[str]:
        """The currencies whose balances badges ask about."""
        parts = (part for badge in self.badges for part in badge.criterion.walk())
        return frozenset(part.balance for part in parts if part.balance)

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
