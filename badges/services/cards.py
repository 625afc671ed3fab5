"""The picture that goes with a shared award: badge, name, holder, brand and date on one card."""

import hashlib
from datetime import datetime

from django.core.cache import cache
from django.utils import translation
from django.utils.formats import date_format
from PIL import Image, ImageDraw

from badges.program.schema import Badge
from badges.services.pictures import badge_image
from portal.cms.models import BrandSettings
from portal.ui.drawing import digest_of, png_bytes
from portal.ui.lettering import HEADING, STRONG, TEXT, shortened, wrapped, write
from portal.ui.link_cards import HEIGHT, INK, PRIMARY, SOFT, WIDTH, blank_card

BADGE = 400
LEFT, RIGHT, TEXT_LEFT = 72, 1128, 560
NAME_SIZES = (76, 66, 56, 48, 42)
LINE = 1.12
KEPT_SECONDS = 3600


def share_card(
    *,
    badge: Badge,
    name: str,
    holder: str,
    awarded_at: datetime,
    brand: BrandSettings,
    language: str,
) -> bytes:
    """The card as a PNG of 1200 × 630 pixels.

    It holds a member's name, so it is kept in the cache for an hour and never among the media.
    """
    with translation.override(language):
        date = date_format(awarded_at, "DATE_FORMAT")
    colour = brand.primary or PRIMARY
    facts = digest_of(
        [], badge.picture.model_dump(), badge.tier, name, holder, date, brand.name, colour
    )
    key = f"badges:card:{hashlib.sha256(facts.encode()).hexdigest()}"
    if not (card := cache.get(key)):
        card = png_bytes(_painted(badge, name, holder, date, brand.name, colour))
        cache.set(key, card, KEPT_SECONDS)
    return card


def _painted(
    badge: Badge, name: str, holder: str, date: str, brand: str, colour: str
) -> Image.Image:
    card = blank_card()
    draw = ImageDraw.Draw(card)
    draw.rectangle((0, 0, WIDTH, 16), fill=colour)
    picture = badge_image(badge, size=BADGE)
    card.paste(picture, (LEFT, (HEIGHT - BADGE) // 2 + 8), picture)
    width = RIGHT - TEXT_LEFT
    lines, size = _fitted(name, width)
    # The block of name, holder and date stands in the middle of its column.
    height = len(lines) * size * LINE + (74 if holder else 0) + 48
    y = (HEIGHT - height) / 2 + size * 0.8
    for line in lines:
        write(draw, (TEXT_LEFT, y), line, face=HEADING, size=size, ink=INK)
        y += size * LINE
    if holder:
        y += 14
        text = shortened(holder, STRONG, 40, width)
        write(draw, (TEXT_LEFT, y), text, face=STRONG, size=40, ink=INK)
        y += 60
    write(draw, (TEXT_LEFT, y), date, face=TEXT, size=32, ink=SOFT)
    text = shortened(brand, STRONG, 34, width)
    write(draw, (TEXT_LEFT, HEIGHT - 56), text, face=STRONG, size=34, ink=colour)
    return card


def _fitted(name: str, width: float) -> tuple[list[str], int]:
    """The name in at most three lines, as large as it goes; the smallest size is cut off."""
    for size in NAME_SIZES:
        if lines := wrapped(name, HEADING, size, width, 2 if size > NAME_SIZES[2] else 3):
            return lines, size
    smallest = NAME_SIZES[-1]
    return [shortened(name, HEADING, smallest, width)], smallest
