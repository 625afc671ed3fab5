"""One activity as other systems write it: JSON in, a checked line out."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from portal.activity.services.recording import FactError, check

FIELDS = ("id", "occurred_at", "verb", "member", "object", "value", "reverses")
NEEDED = ("id", "occurred_at", "verb", "member")
LONGEST = {"id": 200, "verb": 80, "member": 200, "object": 120, "reverses": 200}
OBJECT = re.compile(r"[^:\s]+:\S.*", re.DOTALL)
# Before this no time zone is known, and a calendar has no room for the days before.
EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


class LineError(ValueError):
    """A line that cannot be read; `field` says where."""

    def __init__(self, field: str, message: str):
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True, slots=True)
class Line:
    """One activity as it was sent; `place` is its line or index."""

    place: int
    id: str
    occurred_at: datetime
    verb: str
    member: str
    object: str = ""
    value: int = 1
    reverses: str = ""


class Doubled(dict):
    """A JSON object with a name given twice; which of both is meant, nobody can know."""

    def __init__(self, pairs: list[tuple[str, Any]]):
        super().__init__(pairs)
        counted = Counter(name for name, _value in pairs)
        self.name = next(name for name, times in counted.items() if times > 1)


def parse_json(text: str) -> Any:
    """Parse JSON strictly: names given twice make a `Doubled`, NaN and its like are no numbers.

    Raises LineError.
    """
    try:
        return json.loads(text, object_pairs_hook=_object, parse_constant=_refuse_constant)
    except LineError:
        raise
    except RecursionError:
        raise LineError("line", _("is nested too deeply")) from None
    except ValueError as error:
        reason = getattr(error, "msg", str(error))
        message = _("is not JSON: %(reason)s") % {"reason": reason}
        raise LineError("line", message) from None


def read_line(data: Any, place: int) -> Line:
    """Make a Line of parsed JSON. Raises LineError naming the field."""
    _check_names(data)
    texts = {name: _text(data, name) for name in LONGEST if name in data}
    if texts.get("object") and not OBJECT.fullmatch(texts["object"]):
        raise LineError("object", _("must read <noun>:<id>"))
    value = data.get("value", 1)
    if type(value) is not int:
        raise LineError("value", _("must be an integer"))
    line = Line(place=place, occurred_at=_moment(data["occurred_at"]), value=value, **texts)
    _check_fact(line)
    return line


def _check_names(data: Any) -> None:
    if not isinstance(data, dict):
        raise LineError("line", _("must be an object"))
    if isinstance(data, Doubled):
        raise LineError(data.name, _("is given twice"))
    for name in data:
        if name not in FIELDS:
            raise LineError(name, _("is not a field of an activity"))
    for name in NEEDED:
        if name not in data:
            raise LineError(name, _("is missing"))


def _text(data: dict, name: str) -> str:
    text = data[name]
    if not isinstance(text, str):
        raise LineError(name, _("must be a text"))
    if not text.strip() and name in NEEDED:
        raise LineError(name, _("is empty"))
    if len(text) > LONGEST[name]:
        message = _("is longer than %(limit)s characters") % {"limit": LONGEST[name]}
        raise LineError(name, message)
    if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in text):
        raise LineError(name, _("holds a character that cannot be kept"))
    return text


def _moment(text: Any) -> datetime:
    if not isinstance(text, str):
        raise LineError("occurred_at", _("must be a text"))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = _("%(text)r is not an ISO 8601 time") % {"text": text[:40]}
        raise LineError("occurred_at", message) from None
    if moment.tzinfo is None:
        raise LineError("occurred_at", _("has no time zone"))
    try:
        moment = moment.astimezone(UTC)
    except OverflowError:
        moment = datetime.min.replace(tzinfo=UTC)
    if moment < EARLIEST:
        raise LineError("occurred_at", _("is out of range"))
    return moment


def _check_fact(line: Line) -> None:
    try:
        check(verb=line.verb, value=line.value, occurred_at=line.occurred_at)
    except FactError as error:
        raise LineError(error.field, str(error)) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Doubled(pairs)


def _refuse_constant(name: str) -> NoReturn:
    raise LineError("line", _("is not JSON: %(reason)s") % {"reason": name})
