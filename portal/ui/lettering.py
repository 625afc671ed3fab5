"""Words painted into pictures, with the typefaces of the pages.

Each typeface is two files, Latin and what Turkish adds (frontend/fonts.sh cuts them), so a word
is painted in runs. Letters that neither holds are spelled in Latin ones.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from anyascii import anyascii
from django.contrib.staticfiles import finders
from PIL import ImageDraw, ImageFont

FOLDER = "vendor/fonts"
LATIN = frozenset(
    [*map(chr, range(0x20, 0x7F)), *map(chr, range(0xA0, 0x100)), *"ı‐‑‒–—―‘’‚“”„•…‰‹›€™←↑→↓−"]
)
TURKISH = frozenset("ĞğİŞş₺")
# The weight in the order of the files' axes.
HEADING = ("bricolage-grotesque", (40, 700))
TEXT = ("inter", (450,))
STRONG = ("inter", (650,))
Face = tuple[str, tuple[int, ...]]


def spelled(text: str) -> str:
    """The text in letters that the typefaces hold; others are transliterated."""
    known = LATIN | TURKISH
    return "".join(letter if letter in known else anyascii(letter) for letter in text).strip()


def width_of(text: str, face: Face, size: int) -> float:
    return sum(font.getlength(run) for font, run in _runs(text, face, size))


def write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    *,
    face: Face,
    size: int,
    ink: str,
) -> None:
    """Write one line whose baseline begins at `place`."""
    x, y = place
    for font, run in _runs(text, face, size):
        draw.text((x, y), run, font=font, fill=ink, anchor="ls")
        x += font.getlength(run)


def wrapped(text: str, face: Face, size: int, width: float, most: int) -> list[str] | None:
    """The text in at most `most` lines of at most `width`; None where it does not fit."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, face, size) <= width:
            lines[-1] = longer
        elif width_of(word, face, size) <= width:
            lines.append(word)
        else:
            return None
    return lines if len(lines) <= most else None


def paragraph(text: str, face: Face, size: int, width: float, *, most: int) -> list[str]:
    """The first `most` lines of the text; the last is cut off where more would follow."""
    lines = wrapped(text, face, size, width, len(text)) or [text]
    if len(lines) > most:
        lines[most - 1 :] = [f"{lines[most - 1]} {lines[most]}"]
    return [shortened(line, face, size, width) for line in lines]


def shortened(text: str, face: Face, size: int, width: float) -> str:
    """The text, cut off with an ellipsis where it is too wide."""
    if width_of(text, face, size) <= width:
        return text
    while text and width_of(f"{text}…", face, size) > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _runs(text: str, face: Face, size: int) -> Iterator[tuple[ImageFont.FreeTypeFont, str]]:
    for is_turkish, letters in groupby(spelled(text), TURKISH.__contains__):
        yield _font(face, size, "tr" if is_turkish else "latin"), "".join(letters)


@lru_cache(maxsize=64)
def _font(face: Face, size: int, part: str) -> ImageFont.FreeTypeFont:
    name, axes = face
    path = f"{finders.find(f'{FOLDER}/{name}-{part}.woff2')}"
    font = ImageFont.truetype(path, size, layout_engine=ImageFont.Layout.BASIC)
    font.set_variation_by_axes(list(axes))
    return font
