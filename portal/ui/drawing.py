"""Badges painted as pictures, from the very markup, stylesheet and sprite that the pages use.

Only what that markup needs of SVG is understood: paths, one translation and scale, `<use>` of a
symbol, fill and stroke from classes.
"""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from PIL import Image, ImageDraw

from portal.ui.outlines import Line, dashed, lines_of
from portal.ui.templatetags.ui import badge_art

SIDE = 64
# Drawn so many times larger and then reduced: the edges become smooth.
OVER = 4
# A new number makes every kept picture anew.
EDITION = 1
RULE = re.compile(r"(?<![^{}])([^{}]+)\{([^{}]*)\}")
MOVED = re.compile(r"translate\(([\d.]+) ([\d.]+)\) scale\(([\d.]+)\)")
SVG = "{http://www.w3.org/2000/svg}"
HREF = "href"


@dataclass(frozen=True)
class Layer:
    """One path of a drawing, with where it lies and how it is painted."""

    path: str
    left: float
    top: float
    scale: float
    fill: str
    stroke: str
    width: float
    dash: tuple[float, ...]
    dash_offset: float
    path_length: float | None


def badge_drawing(*, shape: str, tier: str, icon: str, colour: str) -> list[Layer]:
    """The layers of an earned badge, back to front, as the pages draw it."""
    properties = badge_art(shape=shape, tier=tier, icon=icon, colour=colour, size=SIDE)
    svg = ElementTree.fromstring(render_to_string("components/badge_art.html", properties))
    look = _look(svg.get("class", ""))
    layers = []
    for element in svg:
        styles = look.get(element.get("class", ""), {})
        if element.tag.removeprefix(SVG) == "use":
            layers += _icon_layers(element, styles)
        else:
            layers.append(_layer(element, styles))
    return layers


def digest_of(layers: list[Layer], *extra: object) -> str:
    """A name for a picture that changes with everything that the picture depends on."""
    text = json.dumps([EDITION, *extra, *map(asdict, layers)])
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def paint(layers: list[Layer], size: int) -> Image.Image:
    """The layers as a square picture with a clear ground, `size` pixels wide."""
    image = Image.new("RGBA", (size * OVER, size * OVER))
    brush = _Brush(ImageDraw.Draw(image), size * OVER / SIDE)
    for layer in layers:
        brush.paint(layer)
    return image.reduce(OVER)


def png_bytes(image: Image.Image) -> bytes:
    stream = BytesIO()
    image.save(stream, "PNG", optimize=True)
    return stream.getvalue()


class _Brush:
    def __init__(self, draw: ImageDraw.ImageDraw, unit: float):
        self.draw = draw
        self.unit = unit

    def paint(self, layer: Layer) -> None:
        for line, is_closed in lines_of(layer.path):
            if layer.fill and len(line) > 2:
                self.draw.polygon(self._placed(line, layer), fill=layer.fill)
            if layer.stroke:
                whole = [*line, line[0]] if is_closed else line
                pattern, offset = list(layer.dash), layer.dash_offset
                pieces = [whole]
                if pattern:
                    pieces = dashed(whole, pattern, offset, layer.path_length)
                for piece in pieces:
                    self._stroke(self._placed(piece, layer), layer)

    def _placed(self, line: Line, layer: Layer) -> Line:
        return [
            (
                (layer.left + x * layer.scale) * self.unit,
                (layer.top + y * layer.scale) * self.unit,
            )
            for x, y in line
        ]

    def _stroke(self, line: Line, layer: Layer) -> None:
        """A line with round ends and corners: a disc at every point."""
        width = layer.width * layer.scale * self.unit
        half = width / 2
        self.draw.line(line, fill=layer.stroke, width=round(width))
        for x, y in line:
            self.draw.ellipse((x - half, y - half, x + half, y + half), fill=layer.stroke)


def _layer(
    element: Element,
    styles: dict[str, str],
    *,
    left: float = 0.0,
    top: float = 0.0,
    is_filled: bool = False,
) -> Layer:
    moved = MOVED.fullmatch(element.get("transform", ""))
    dx, dy, scale = map(float, moved.groups()) if moved else (0.0, 0.0, 1.0)
    ink = styles.get("color", "")
    length = element.get("pathLength")
    return Layer(
        path=element.get("d", ""),
        left=left + dx,
        top=top + dy,
        scale=scale,
        fill=ink if is_filled else _colour(styles.get("fill", "")),
        stroke="" if is_filled else _colour(styles.get("stroke", "")),
        width=float(styles.get("stroke-width", 1)),
        dash=tuple(map(float, element.get("stroke-dasharray", "").split())),
        dash_offset=float(element.get("stroke-dashoffset", 0)),
        path_length=float(length) if length else None,
    )


def _icon_layers(element: Element, styles: dict[str, str]) -> list[Layer]:
    """The paths of the symbol that is used; an icon that the sprite lacks draws nothing."""
    name = element.get(HREF, "").partition("#")[2]
    symbol = _sprite().get(name)
    if symbol is None:
        return []
    left, top = float(element.get("x", 0)), float(element.get("y", 0))
    is_filled = symbol.get("fill") == "currentColor"
    return [
        _layer(path, styles, left=left, top=top, is_filled=is_filled)
        for path in symbol
        if path.get("stroke") != "none"
    ]


def _colour(value: str) -> str:
    return "" if value == "none" else value


def _look(classes: str) -> dict[str, dict[str, str]]:
    """What the stylesheet says of each part of a badge with these classes."""
    names = set(classes.split())
    values: dict[str, str] = {}
    parts: dict[str, dict[str, str]] = {}
    for selector, styles in _stylesheet():
        own = selector.removeprefix(".")
        if own in names:
            values |= {key: value for key, value in styles.items() if key.startswith("--")}
        elif selector.startswith(".badge-art ."):
            parts.setdefault(selector.removeprefix(".badge-art ."), {}).update(styles)
    return {
        part: {key: _resolved(value, values) for key, value in styles.items()}
        for part, styles in parts.items()
    }


def _resolved(value: str, values: dict[str, str]) -> str:
    if value.startswith("var("):
        return values[value[4:-1]]
    return value


@lru_cache(maxsize=1)
def _stylesheet() -> list[tuple[str, dict[str, str]]]:
    """The rules about badges in the stylesheet of the pages."""
    rules = []
    for selector, body in RULE.findall(_static("css/portal.css")):
        if re.match(r"\.(badge|tier)-", selector):
            pairs = (pair.split(":", 1) for pair in body.split(";") if ":" in pair)
            rules.append((selector.strip(), {key.strip(): value.strip() for key, value in pairs}))
    return rules


@lru_cache(maxsize=1)
def _sprite() -> dict:
    root = ElementTree.fromstring(_static("icons.svg"))
    return {symbol.get("id"): symbol for symbol in root.iter(f"{SVG}symbol")}


def _static(path: str) -> str:
    return Path(f"{finders.find(path)}").read_text(encoding="utf-8")
