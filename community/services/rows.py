"""One row of another forum's CSV, read into an idea that is not yet saved."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils import timezone

from community.models import Idea
from community.services.ideas import trend_of
from community.services.texts import rendered_idea

FIELDS = ("id", "title", "body", "author", "votes", "posted_at", "status", "withdrawn_at", "url")
MOST_VOTES = 2_000_000_000
LONGEST_BODY = 50_000
LENGTHS = {"id": 100, "title": 500, "author": 100, "url": 500}
LENGTHS |= {"votes": 20, "posted_at": 60, "withdrawn_at": 60, "status": 60}
HTML = re.compile(
    r"</?(?:p|div|br|ul|ol|li|h[1-6]|strong|em|b|i|u|a|span|table|tr|td|blockquote|pre|hr)\b[^<]*>",
    re.IGNORECASE,
)
OFFSET = re.compile(r" (?=(?:Z|[+-]\d{2}:?\d{2})$)| UTC$", re.IGNORECASE)
DAY_FIRST = re.compile(
    r"(?P<day>\d{1,2})[./-](?P<month>\d{1,2})[./-](?P<year>\d{4})"
    r"(?:[ T](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?)?$"
)
is_address = URLValidator(["http", "https"])


class RowError(ValueError):
    """What is wrong with a row, in words that name the field."""


def idea_of(row: Mapping[str, str], *, source: str, zone: ZoneInfo) -> Idea:
    """Read a row whose keys are our fields; raise RowError for what cannot be kept whole."""
    texts = {name: (row.get(name) or "").strip() for name in FIELDS}
    _check_texts(texts)
    posted_at = moment_of(texts["posted_at"], "posted_at", zone) or timezone.now()
    votes = _votes(texts["votes"])
    is_html = bool(HTML.search(texts["body"]))
    return Idea(
        author=None,
        source=source,
        source_id=texts["id"],
        source_url=_url(texts["url"]),
        source_author=texts["author"],
        title=" ".join(texts["title"].split()),
        body=texts["body"],
        is_html=is_html,
        **rendered_idea(texts["body"], is_html=is_html),
        language="",
        status=_status(texts["status"]),
        imported_votes=votes,
        score=votes,
        trend=trend_of(score=votes, posted_at=posted_at),
        posted_at=posted_at,
        withdrawn_at=moment_of(texts["withdrawn_at"], "withdrawn_at", zone),
    )


def moment_of(text: str, field: str, zone: ZoneInfo) -> datetime | None:
    """Read a date, ISO first and then day first; without a zone it is the programme's."""
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(OFFSET.sub(_joined, " ".join(text.split())))
    except ValueError:
        moment = _day_first(text, field)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    try:
        is_future = moment > timezone.now()
        moment.astimezone(ZoneInfo("UTC"))
    except OverflowError as error:
        raise RowError(f"{field}: {text!r} is out of range") from error
    if is_future:
        raise RowError(f"{field}: {text!r} lies in the future")
    return moment


def _joined(match: re.Match) -> str:
    return "+00:00" if match[0].strip() else ""


def _day_first(text: str, field: str) -> datetime:
    match = DAY_FIRST.match(text)
    if match is None:
        raise RowError(f"{field}: {text!r} is not a date (2024-12-31 or 31/12/2024)")
    parts: dict[str, Any] = {
        name: int(value) for name, value in match.groupdict(default="0").items()
    }
    try:
        return datetime(**parts)
    except ValueError as error:
        raise RowError(f"{field}: {text!r} is not a date ({error})") from error


def _check_texts(texts: dict[str, str]) -> None:
    for name in ("id", "title"):
        if not texts[name]:
            raise RowError(f"{name}: is empty")
    for name, length in LENGTHS.items():
        if len(texts[name]) > length:
            raise RowError(f"{name}: is longer than {length} characters")
    if len(texts["body"]) > LONGEST_BODY:
        raise RowError(f"body: is longer than {LONGEST_BODY} characters")
    for name, text in texts.items():
        if any("\ud800" <= char <= "\udfff" or char == "\0" for char in text):
            raise RowError(f"{name}: is not text in the file's encoding; see --encoding")


def _votes(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or int(text) > MOST_VOTES:
        raise RowError(f"votes: {text!r} is not a whole number from 0 to {MOST_VOTES}")
    return int(text)


def _status(text: str) -> str:
    code = re.sub(r"[\s-]+", "_", text.lower()) or Idea.Status.OPEN
    if code not in Idea.Status.values:
        raise RowError(f"status: {text!r} is none of {', '.join(Idea.Status.values)}")
    return code


def _url(text: str) -> str:
    if text:
        try:
            is_address(text)
        except ValidationError as error:
            raise RowError(f"url: {text!r} is not an address") from error
    return text
