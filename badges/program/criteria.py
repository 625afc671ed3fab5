"""What a badge asks for: counts, sums, streaks, balances and other badges, joined by all or any."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal, Self

from django.utils.translation import gettext as _
from pydantic import Field, model_validator

from badges.program.vocabulary import Amount, Code, ObjectTest, Part, ValueTest, Verbs

MEASURES = ("count", "sum", "distinct", "streak")
MEASURED = (*MEASURES, "balance")
CRITERION_KINDS = (*MEASURED, "badge", "all", "any")


class Measure(Part):
    """What count, sum, distinct and streak look at."""

    verb: Verbs
    object: ObjectTest | None = None
    value: ValueTest | None = None
    within: Amount | None = None

    @cached_property
    def key(self) -> str:
        """Equal measures have equal keys, whichever badge or rule they belong to."""
        return repr(self)


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
    def _one_kind(self) -> Self:
        kinds = [name for name in CRITERION_KINDS if getattr(self, name) is not None]
        if len(kinds) != 1:
            names = ", ".join(CRITERION_KINDS)
            raise ValueError(_("give exactly one of %(kinds)s") % {"kinds": names})
        if (kinds[0] in MEASURED) != (self.at_least is not None):
            raise ValueError(_("at_least belongs to count, sum, distinct, streak and balance"))
        if kinds[0] in ("all", "any") and not getattr(self, kinds[0]):
            raise ValueError(_("%(kind)s needs at least one criterion") % {"kind": kinds[0]})
        return self

    @cached_property
    def kind(self) -> str:
        return next(name for name in CRITERION_KINDS if getattr(self, name) is not None)

    @cached_property
    def measure(self) -> Measure | None:
        return getattr(self, self.kind) if self.kind in MEASURES else None

    @property
    def goal(self) -> int:
        """How much or how many it asks for; 0 for a badge or a group, which need no number."""
        return self.at_least or 0

    @property
    def parts(self) -> list["Criterion"]:
        return (self.all or self.any or []) if self.kind in ("all", "any") else []

    def walk(self) -> Iterator["Criterion"]:
        """This criterion and all inside it."""
        yield self
        for part in self.parts:
            yield from part.walk()

    @property
    def is_per_object(self) -> bool:
        return any(getattr(part.measure, "per", None) for part in self.walk())
