"""Texts with times: the captions of a video as its transcript, and its chapters."""

import html
import re
from typing import NamedTuple

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.utils.translation import gettext as _

TIME = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)(?:[.,](\d{1,3}))?")
CUE = re.compile(r"^\s*(\S+)\s+-->\s+\S+")
CHAPTER = re.compile(r"^(\S+)\s+(.+)$")
TAG = re.compile(r"<[^<>]*>")
MAX_BYTES = 512 * 1024
MAX_LINES = 2_000
CACHE_SECONDS = 24 * 3600


class TimedLine(NamedTuple):
    """What is said, or begins, at a second of a video."""

    start: float
    text: str

    @property
    def clock(self) -> str:
        """The start as viewers read it: 0:07, 12:30, 1:02:03."""
        minutes, seconds = divmod(int(self.start), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def seconds_of(text: str) -> float | None:
    """Read `1:02:03.5`, `02:03` or `2:03`; None for anything else."""
    match = TIME.fullmatch(text.strip())
    if not match:
        return None
    hours, minutes, seconds, fraction = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (float(f"0.{fraction}") if fraction else 0.0)


def transcript_of(captions: FieldFile | None) -> list[TimedLine]:
    """The cues of a WebVTT file, in order; empty where there is none or it cannot be read.

    Files keep their names as long as they keep their content, so the lines are cached by name.
    """
    if not captions:
        return []
    key = f"transcript:{captions.name}"
    lines = cache.get(key)
    if lines is None:
        lines = [tuple(line) for line in parse_captions(_read(captions))]
        cache.set(key, lines, CACHE_SECONDS)
    return [TimedLine(*line) for line in lines]


def parse_captions(text: str) -> list[TimedLine]:
    """Read WebVTT: the first time of each cue and its text without markup."""
    lines = []
    for block in re.split(r"\n{2,}", text.replace("\r\n", "\n").replace("\r", "\n")):
        rows = block.split("\n")
        cues = ((place, cue) for place, row in enumerate(rows) if (cue := CUE.match(row)))
        at, cue = next(cues, (0, None))
        if cue is None:
            continue
        start = seconds_of(cue[1])
        spoken = html.unescape(TAG.sub("", " ".join(rows[at + 1 :]))).strip()
        if start is not None and spoken:
            lines.append(TimedLine(start, spoken))
    return sorted(lines[:MAX_LINES], key=lambda line: line.start)


def parse_chapters(text: str) -> list[TimedLine]:
    """Read chapters, a `mm:ss title` a line; raises ValidationError that names a wrong line."""
    chapters = []
    for number, row in enumerate(filter(str.strip, text.splitlines()), start=1):
        match = CHAPTER.match(row.strip())
        start = seconds_of(match[1]) if match else None
        if match is None or start is None:
            raise ValidationError(
                _("Line %(number)d is not a chapter. Write it like “1:30 Pegging the corners”."),
                params={"number": number},
            )
        chapters.append(TimedLine(start, match[2].strip()))
    if chapters != sorted(chapters, key=lambda chapter: chapter.start):
        raise ValidationError(_("Write the chapters in the order of their times."))
    return chapters


def _read(captions: FieldFile) -> str:
    try:
        with captions.open("rb") as file:
            return file.read(MAX_BYTES).decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
