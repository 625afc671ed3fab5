"""Days as people write them, as a stretch of the past."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from django.utils import timezone

from badges.program.schema import Program
from badges.services.past import Stretch

# No fact is older: what comes from outside is refused before.
BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)


def stretch_of(
    program: Program, *, since: str = "", until: str = "", rules: Iterable[str] = ()
) -> Stretch:
    """The days from `since` to `until`, both included, in the programme's zone.

    Empty means from the beginning, and up to now. Raises ValueError for what is no ISO date, for
    days the wrong way round and for a rule that the programme does not hold.
    """
    codes = frozenset(rules)
    if unknown := codes - set(program.rules_by_code):
        raise ValueError(f"there is no rule {sorted(unknown)[0]!r}")
    begins = _midnight(since, program) if since else BEGINNING
    ends = _midnight(until, program, more=1) if until else timezone.now()
    if begins >= ends:
        raise ValueError("the last day lies before the first")
    return Stretch(begins, ends, codes)


def _midnight(text: str, program: Program, more: int = 0) -> datetime:
    try:
        day = date.fromisoformat(text) + timedelta(days=more)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a day like 2026-03-01") from None
    return datetime.combine(day, time(), tzinfo=program.zone).astimezone(UTC)
