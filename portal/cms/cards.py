"""The picture that goes with a shared link: a page's own, else the brand's card, drawn once."""

import hashlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image, ImageDraw, ImageFont

from portal.cms.colours import hex_of, mix, rgb

# What the networks ask for: https://ogp.me and the 1.91:1 that they crop to.
WIDTH, HEIGHT = 1200, 630
MARGIN = 96
PAPER, INK, SOFT = "#fcf9f5", "#162129", "#4d5a63"
PRIMARY = "#035e63"
# Raised when the drawing changes, so that the card gets another name.
EDITION = 1
KEPT_SECONDS = 3600
# The typefaces of the pages are cut in two: these letters lie in the second file.
TURKISH = frozenset("ĞğİŞş₺")
FONTS = settings.BASE_DIR / "static" / "vendor" / "fonts"


def page_card(picture: Any) -> dict:
    """An editor's picture, cropped for shared links."""
    made = picture.get_rendition(f"fill-{WIDTH}x{HEIGHT}|format-jpeg|jpegquality-80")
    return {"url": absolute(made.url), "width": made.width, "height": made.height}


def brand_card(*, name: str, tagline: str, primary: str) -> dict:
    """The brand's card in the media folder, drawn when words or colour are new."""
    primary = primary or PRIMARY
    words = f"{EDITION}|{name}|{tagline}|{primary}"
    path = f"cards/{hashlib.sha256(words.encode()).hexdigest()[:24]}.png"

    def place() -> str:
        if not default_storage.exists(path):
            content = ContentFile(drawn(name=name, tagline=tagline, primary=primary))
            default_storage.save(path, content)
        return default_storage.url(path)

    url = str(cache.get_or_set(f"card:{path}", place, KEPT_SECONDS))
    return {"url": absolute(url), "width": WIDTH, "height": HEIGHT}


def absolute(url: str) -> str:
    """The address as other sites need it; storages elsewhere give whole ones."""
    return f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url


def drawn(*, name: str, tagline: str, primary: str) -> bytes:
    """A PNG: the brand's name and tagline above three waves in its colour."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(image)
    for step, top in enumerate((470, 520, 570)):
        shade = hex_of(mix(rgb(primary), (255, 255, 255), 0.7 - 0.35 * step))
        _wave(pen, top=top, lift=36 - 80 * (step % 2), shade=shade)
    for size in (120, 96, 72, 56):
        if _length(name, "bricolage-grotesque", size) <= WIDTH - 2 * MARGIN:
            break
    _write(pen, name, (MARGIN, 130), "bricolage-grotesque", size, INK)
    for number, line in enumerate(_lines(tagline, "inter", 40)[:3]):
        _write(pen, line, (MARGIN, 300 + 56 * number), "inter", 40, SOFT)
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _wave(pen: ImageDraw.ImageDraw, *, top: int, lift: int, shade: str) -> None:
    """One soft swell from edge to edge, a cubic as 120 short lines."""
    crest = []
    for place in range(121):
        t = place / 120
        bend = 3 * (1 - t) ** 2 * t * -lift + 3 * (1 - t) * t**2 * lift
        crest.append((WIDTH * t, top + bend))
    pen.polygon([*crest, (WIDTH, HEIGHT), (0, HEIGHT)], fill=shade)


def _runs(text: str, face: str, size: int) -> Iterator[tuple[str, ImageFont.FreeTypeFont]]:
    """The text in pieces, each with the half of the typeface that has its letters."""
    fonts = {
        part: ImageFont.truetype(FONTS / f"{face}-{part}.woff2", size) for part in ("latin", "tr")
    }
    run, part = "", "latin"
    for letter in text:
        own = "tr" if letter in TURKISH else "latin"
        if own != part and run:
            yield run, fonts[part]
            run = ""
        part = own
        run += letter
    if run:
        yield run, fonts[part]


def _length(text: str, face: str, size: int) -> float:
    return sum(font.getlength(run) for run, font in _runs(text, face, size))


def _write(pen: Any, text: str, place: tuple, face: str, size: int, colour: str) -> None:
    left, top = place
    for run, font in _runs(text, face, size):
        pen.text((left, top + size), run, font=font, fill=colour, anchor="ls")
        left += font.getlength(run)


def _lines(text: str, face: str, size: int) -> list[str]:
    """The words broken where a line would leave the card."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and _length(longer, face, size) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
