"""What goes in and out, as the OpenAPI document describes it."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StrictStr, WithJsonSchema

from portal.accounts.services.intake import SOURCE_LENGTH
from portal.accounts.services.lines import LONGEST, NEEDED
from portal.activity.services.recording import VALUE_LIMIT

MOST_ACTIVITIES = 1_000
PAGE = 50
LONGEST_PAGE = 100

ACTIVITY: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": list(NEEDED),
    "properties": {
        "id": {
            "type": "string",
            "description": "unique within the source; sent again it is a repeat",
        },
        "occurred_at": {
            "type": "string",
            "format": "date-time",
            "description": "with a time zone, not in the future",
        },
        "verb": {
            "type": "string",
            "description": "one that the portal knows, or one beginning with import.",
        },
        "member": {
            "type": "string",
            "description": "the source's own id, an e-mail address, or a handle",
        },
        "object": {"type": "string", "description": "<noun>:<id>"},
        "value": {
            "type": "integer",
            "minimum": -VALUE_LIMIT,
            "maximum": VALUE_LIMIT,
            "default": 1,
        },
        "reverses": {"type": "string", "description": "the id whose effect is undone"},
    },
    "examples": [
        {
            "id": "vote-123",
            "occurred_at": "2018-03-12T17:00:00Z",
            "verb": "import.answer_voted",
            "member": "u12",
            "object": "post:45",
            "value": 1,
        }
    ],
}
for _name, _limit in LONGEST.items():
    ACTIVITY["properties"][_name]["maxLength"] = _limit


class ActivityBatch(BaseModel):
    """Activities of one source; all of them are taken in, or none."""

    model_config = ConfigDict(extra="forbid")

    source: StrictStr = Field(description="the system they come from", max_length=SOURCE_LENGTH)
    activities: list[Annotated[Any, WithJsonSchema(ACTIVITY)]] = Field(max_length=MOST_ACTIVITIES)


class Taken(BaseModel):
    """How many activities were new, and how many were known."""

    recorded: int
    repeated: int


class Member(BaseModel):
    """A member with what they hold; `badges` counts awards, `balances` names every currency.

    `balances` is empty for who chose an alias: a total would tell who is behind it.
    """

    handle: str
    name: str
    joined_at: datetime
    balances: dict[str, int]
    level: str | None
    badges: dict[str, int]


class MemberPage(BaseModel):
    """`next` is the cursor of the next page, or null on the last."""

    members: list[Member]
    next: str | None


class Activity(BaseModel):
    """A fact as the portal keeps it; `id` is the one that its source gave it."""

    source: str
    id: str
    occurred_at: datetime
    recorded_at: datetime
    verb: str
    member: str
    object: str
    value: int
    reverses: str | None


class ActivityPage(BaseModel):
    """`next` is the cursor of the next page, or null on the last."""

    activities: list[Activity]
    next: str | None
