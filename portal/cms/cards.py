"""The picture that goes with a shared link: a page's own, else the brand's card, drawn once."""

import hashlib
from typing import Any

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import ImageDraw

from portal.cms.colours import WHITE, hex_of, mix, rgb
from portal.resilience.reading import best_effort
from portal.ui.addresses import absolute
from portal.ui.drawing import png_bytes
from portal.ui.lettering import HEADING, TEXT, paragraph, shortened, width_of, write
from portal.ui.link_cards import HEIGHT, INK, PRIMARY, SOFT, WIDTH, blank_card

MARGIN = 96
NAME_SIZES = (120, 96, 72, 56)
# Raised when the drawing changes, so that the card gets another name.
EDITION = 2
KEPT_SECONDS = 3600
# After that a card that could not be kept is tried again.
TRIED_SECONDS = 60


def page_card(picture: Any) -> dict:
    """An editor's picture, cropped for shared links."""
    made = picture.get_rendition(f"fill-{WIDTH}x{HEIGHT}|format-jpeg|jpegquality-80")
    return {"url": absolute(made.url), "width": made.width, "height": made.height}


def brand_card(*, name: str, tagline: str, primary: str) -> dict:
    """The brand's card in the media folder, drawn when words or colour are new; {} without room."""
    primary = primary or PRIMARY
    words = f"{EDITION}|{name}|{tagline}|{primary}"
    path = f"cards/{hashlib.sha256(words.encode()).hexdigest()[:24]}.png"

    key = f"card:{path}"
    url = cache.get(key)
    if url is None:
        url = _placed(path, name=name, tagline=tagline, primary=primary)
        cache.set(key, url, KEPT_SECONDS if url else TRIED_SECONDS)
    return {"url": absolute(url), "width": WIDTH, "height": HEIGHT} if url else {}


def _placed(path: str, **look: str) -> str:
    """The address of the card's file, which is drawn where it is missing; "" where it cannot be."""
    if default_storage.exists(path):
        return default_storage.url(path)
    with best_effort("brand card"):
        default_storage.save(path, ContentFile(drawn(**look)))
        return default_storage.url(path)
    return ""


def drawn(*, name: str, tagline: str, primary: str) -> bytes:
    """A PNG: the brand's name and tagline above three waves in its colour."""
    image = blank_card()
    draw = ImageDraw.Draw(image)
    for step, top in enumerate((470, 520, 570)):
        shade = hex_of(mix(rgb(primary), WHITE, 0.7 - 0.35 * step))
        _wave(draw, top=top, lift=36 - 80 * (step % 2), shade=shade)
    width = WIDTH - 2 * MARGIN
    fitting = (size for size in NAME_SIZES if width_of(name, HEADING, size) <= width)
    size = next(fitting, NAME_SIZES[-1])
    title = shortened(name, HEADING, size, width)
    write(draw, (MARGIN, 130 + size), title, face=HEADING, size=size, ink=INK)
    for number, line in enumerate(paragraph(tagline, TEXT, 40, width, most=3)):
        write(draw, (MARGIN, 340 + 56 * number), line, face=TEXT, size=40, ink=SOFT)
    return png_bytes(image)


def _wave(draw: ImageDraw.ImageDraw, *, top: int, lift: int, shade: str) -> None:
    """One soft swell from edge to edge, a cubic as 120 short lines."""
    crest = []
    for place in range(121):
        t = place / 120
        bend = 3 * (1 - t) ** 2 * t * -lift + 3 * (1 - t) * t**2 * lift
        crest.append((WIDTH * t, top + bend))
    draw.polygon([*crest, (WIDTH, HEIGHT), (0, HEIGHT)], fill=shade)
