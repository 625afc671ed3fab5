"""What every film uses: labels, arrows, step marks, backdrops, wind and grass."""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import math
from functools import lru_cache
from pathlib import Path

import demo_things as things
from demo_canvas import Canvas, ease, mix, rounded, smooth
from demo_scenery import PALETTES, cloud, grass, ridges, sea, sky, slope
from PIL import Image, ImageFont

SIZE = (960, 540)
AMBER, TEAL, BRICK, MOSS, PAPER, INK, DEEP = things.AMBER, things.TEAL, things.BRICK, things.MOSS, things.PAPER, things.INK, things.DEEP
ROOT = Path(__file__).resolve().parent.parent


@lru_cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """The headings' own font where the site's files are found, else DejaVu."""
    for file in sorted((ROOT / "portal").glob("**/bricolage*.woff2")):
        if "ext" not in file.name and "italic" not in file.name:
            return ImageFont.truetype(str(file), size)
    return ImageFont.truetype("DejaVuSans-Bold.ttf", round(size * 0.86))


def label(c: Canvas, x: float, y: float, text: str, size: int, colour: str) -> None:
    c.pen.text((x * c.scale, y * c.scale), text, font=font(size * c.scale), fill=colour, anchor="mm")


def tag(c: Canvas, x: float, y: float, text: str, *, fill: str = PAPER, ink: str = INK, share: float = 1) -> None:
    """A pill that grows in."""
    if share <= 0.02:
        return
    wide, s = 26 + 13 * len(text), ease(share)
    c.shape(rounded(x - wide * s / 2, y - 19 * s, wide * s, 38 * s, 19 * s), fill)
    if s > 0.75:
        label(c, x, y, text, 21, ink)


def arrow(c: Canvas, a: tuple[float, float], b: tuple[float, float], colour: str, share: float = 1) -> None:
    s = ease(share)
    if s <= 0.03:
        return
    tip = (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s)
    turn = math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))
    c.line([a, tip], 6, colour)
    with c.at(*tip, turn=turn):
        c.shape([(14, 0), (-8, -12), (-8, 12)], colour)


def frame_marks(c: Canvas, count: int, index: int, share: float) -> None:
    """Step beads at the top left and the brand's name at the top right."""
    for i in range(count):
        x = 46 + i * 46
        if i + 1 < count:
            c.box(x, 38, 46, 4, PAPER, alpha=0.55)
            c.box(x, 38, 46 * (1 if i < index else share if i == index else 0), 4, AMBER)
    for i in range(count):
        x, past = 46 + i * 46, i <= index
        c.ellipse(x, 40, 17, 17, AMBER if past else PAPER)
        label(c, x, 39.5, str(i + 1), 19, INK if past else mix(INK, PAPER, 0.35))
    c.shape(rounded(838, 20, 92, 40, 20), DEEP)
    label(c, 884, 38, "kıyı", 25, PAPER)


@lru_cache(maxsize=8)
def backdrop(palette: str, seed: int, ground: tuple[str, str], sun: tuple = (), low: int = 380) -> Image.Image:
    c, p = Canvas(*SIZE, scale=2), PALETTES[palette]
    sky(c, p, sun=sun or None)
    cloud(c, 250, 150, 120, alpha=0.45)
    cloud(c, 700, 110, 150, alpha=0.45)
    ridges(c, p, low - 50, 150, seed=seed, left=300, right=1100)
    sea(c, p, low - 52, seed=seed)
    slope(c, [(-40, low), (250, low + 22), (620, low + 30), (1000, low + 8)], ground)
    return c.image


def on(c: Canvas, palette: str, seed: int, ground: tuple[str, str], **more) -> None:
    c.image.paste(backdrop(palette, seed, ground, **more))


def gusts(c: Canvas, t: float, strength: float = 1) -> None:
    for i in range(5):
        x = (t * (260 + i * 40) * strength + i * 290) % 1300 - 200
        y = 130 + i * 52 + 6 * math.sin(t * 2 + i)
        c.line(smooth([(x, y), (x + 80, y - 8), (x + 160, y), (x + 176, y - 10), (x + 164, y - 18)]), 3, "#f4f6ee")


def meadow(c: Canvas, t: float, wind: float) -> None:
    for i in range(22):
        grass(c, i * 46, 545, 44, mix("#4c6a4c", "#c7c07a", i * 7 % 10 / 10), lean=wind * (0.6 + 0.2 * math.sin(t * 3 + i)), seed=i)
