"""Arithmetic of seen parts: pairs [from, to] in whole milliseconds, merged and in order."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Interval = tuple[int, int]

MAX_REPORTED = 500
MAX_KEPT = 2_000
# Players report about four times a second; a shorter hole than this is none.
GAP = 300
LONGEST = 24 * 3600


def clean_intervals(reported: Any, *, duration: float) -> list[Interval]:
    """Turn what a player sent into milliseconds, clipped to the video's duration in seconds.

    Raises ValidationError, in words, for anything that no player would send.
    """
    if not isinstance(reported, list):
        raise ValidationError(_("“intervals” must be a list of [from, to] pairs in seconds."))
    if len(reported) > MAX_REPORTED:
        raise ValidationError(
            _("At most %(number)d intervals can be reported at once."),
            params={"number": MAX_REPORTED},
        )
    end = int(duration * 1000)
    pairs = [_pair(item) for item in reported]
    return merge((start, min(stop, end)) for start, stop in pairs if start < min(stop, end))


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """Join what overlaps or all but touches."""
    merged: list[Interval] = []
    for start, stop in sorted(intervals):
        if merged and start <= merged[-1][1] + GAP:
            merged[-1] = (merged[-1][0], max(stop, merged[-1][1]))
        else:
            merged.append((start, stop))
    return merged


def length(intervals: Iterable[Interval]) -> int:
    return sum(stop - start for start, stop in intervals)


def add_seen(
    known: list[Interval], reported: list[Interval], *, budget: int
) -> tuple[list[Interval], int]:
    """Add what is new in `reported`, in its order, until `budget` milliseconds are spent.

    Returns the merged parts and what they grew by, which is never more than `budget`.
    """
    before = length(known)
    added = _within_budget(_without(merge([*known, *reported]), known), budget)
    seen = merge([*known, *added])
    if length(seen) - before > max(0, budget):
        # The part that was cut short ends so near to a known one that the hole would close.
        start, stop = added.pop()
        added += [(start, stop - GAP - 1)] if stop - GAP - 1 > start else []
        seen = merge([*known, *added])
    if len(seen) > MAX_KEPT:
        raise ValidationError(_("Too many pieces of this video were reported."))
    return seen, length(seen) - before


def _within_budget(pieces: Iterable[Interval], budget: int) -> list[Interval]:
    added: list[Interval] = []
    for start, stop in pieces:
        if budget <= 0:
            break
        added.append((start, min(stop, start + budget)))
        budget -= stop - start
    return added


def _without(intervals: list[Interval], known: list[Interval]) -> Iterator[Interval]:
    """What of `intervals` lies outside `known`: both are merged, `known` lies within."""
    place = 0
    for start, stop in intervals:
        at = start
        while place < len(known) and known[place][1] <= stop:
            known_start, known_stop = known[place]
            if known_start > at:
                yield at, known_start
            at = max(at, known_stop)
            place += 1
        if at < stop:
            yield at, stop


def _pair(item: Any) -> Interval:
    if not isinstance(item, list | tuple) or len(item) != 2:
        raise ValidationError(_("Each interval is a pair of numbers: [from, to]."))
    start, stop = (_seconds(value) for value in item)
    if start > stop:
        raise ValidationError(_("An interval must not end before it begins."))
    return start, stop


def _seconds(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValidationError(_("Each interval is a pair of numbers: [from, to]."))
    if not (0 <= value <= LONGEST) or not math.isfinite(value):
        raise ValidationError(_("Times must lie between 0 and 86,400 seconds."))
    return round(value * 1000)
