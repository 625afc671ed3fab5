"""The words of the programme's document: codes, amounts, texts, moments and what facts are put to.

All of them are strict: what is not exactly right is refused with its place.
"""

from datetime import UTC, datetime
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    StrictStr,
)

from portal.ui.zones import known_zones

MAX_AMOUNT = 1_000_000_000

Code = Annotated[str, Field(strict=True, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=40)]
Words = Annotated[str, Field(strict=True, min_length=1, max_length=200)]
Amount = Annotated[int, Field(strict=True, ge=1, le=MAX_AMOUNT)]
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
    if name not in known_zones():
        raise ValueError(_("unknown time zone “%(name)s”") % {"name": name})
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
