"""A small supersampled canvas on Pillow: the one hand that draws all demo pictures.

Shapes are given in design pixels and drawn `scale` times larger, then reduced, which
smooths every edge. A fill is a hex colour, or a pair of colours for a gradient from top
to bottom of the shape. Transforms nest: `with canvas.at(x, y, scale=2, turn=15): ...`.
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# fmt: off
from __future__ import annotations

import math
import random
from contextlib import contextmanager

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

Point = tuple[float, float]
Fill = str | tuple[str, str]


def mix(first: str, second: str, share: float) -> str:
    """The colour that lies `share` (0..1) of the way from `first` to `second`."""
    one, two = ImageColor.getrgb(first), ImageColor.getrgb(second)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(one, two, strict=True))


def ease(value: float) -> float:
    """Smooth start and stop (smoothstep) for a time running from 0 to 1, clamped."""
    value = min(1.0, max(0.0, value))
    return value * value * (3 - 2 * value)


def smooth(points: list[Point], *, closed: bool = False, steps: int = 12) -> list[Point]:
    """A Catmull-Rom curve through the points."""
    count = len(points)
    result: list[Point] = []
    for i in range(count if closed else count - 1):
        near = [
            points[j % count] if closed else points[min(max(j, 0), count - 1)]
            for j in range(i - 1, i + 3)
        ]
        for step in range(steps):
            t = step / steps
            weights = (
                -0.5 * t + t * t - 0.5 * t**3,
                1 - 2.5 * t * t + 1.5 * t**3,
                0.5 * t + 2 * t * t - 1.5 * t**3,
                -0.5 * t * t + 0.5 * t**3,
            )
            result.append(
                tuple(sum(w * p[k] for w, p in zip(weights, near, strict=True)) for k in (0, 1))
            )
    return result if closed else [*result, points[-1]]


def oval(
    x: float, y: float, rx: float, ry: float, start: float = 0, stop: float = 360
) -> list[Point]:
    """Points on an ellipse from one angle to another, in degrees, clockwise from the right."""
    steps = max(12, int(abs(stop - start) / 5))
    angles = [math.radians(start + (stop - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(a), y + ry * math.sin(a)) for a in angles]


def rounded(x: float, y: float, w: float, h: float, r: float) -> list[Point]:
    """The outline of a rectangle with round corners."""
    r = min(r, w / 2, h / 2)
    corners = (
        (x + r, y + r, 180),
        (x + w - r, y + r, 270),
        (x + w - r, y + h - r, 0),
        (x + r, y + h - r, 90),
    )
    return [p for cx, cy, a in corners for p in oval(cx, cy, r, r, a, a + 90)]


class Canvas:
    """A picture under work; `finish()` gives it at its design size."""

    def __init__(self, width: int, height: int, *, scale: int = 2, ground: str = "#f6efe2") -> None:
        self.width, self.height, self.scale = width, height, scale
        self.image = Image.new("RGB", (width * scale, height * scale), ground)
        self.pen = ImageDraw.Draw(self.image)
        self.matrix = (float(scale), 0.0, 0.0, 0.0, float(scale), 0.0)

    @contextmanager
    def at(self, x: float, y: float, *, scale: float = 1, turn: float = 0, flip: bool = False):
        """Draw around (x, y), scaled, turned clockwise in degrees, mirrored if asked."""
        before, angle = self.matrix, math.radians(turn)
        a, b, c, d, e, f = before
        cos, sin, sx = math.cos(angle) * scale, math.sin(angle) * scale, -1 if flip else 1
        self.matrix = (
            (a * cos + b * sin) * sx, b * cos - a * sin, a * x + b * y + c,
            (d * cos + e * sin) * sx, e * cos - d * sin, d * x + e * y + f,
        )
        try:
            yield self
        finally:
            self.matrix = before

    def _place(self, points: list[Point]) -> list[Point]:
        a, b, c, d, e, f = self.matrix
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def shape(self, points: list[Point], fill: Fill, *, alpha: float = 1) -> None:
        """A filled outline; straight colours at full strength take the fast way."""
        placed = self._place(points)
        if isinstance(fill, str) and alpha >= 1:
            self.pen.polygon(placed, fill=fill)
        elif alpha > 0:
            self._blend(placed, fill, alpha)

    def _blend(self, placed: list[Point], fill: Fill, alpha: float) -> None:
        xs, ys = [p[0] for p in placed], [p[1] for p in placed]
        left, top = math.floor(min(xs)), math.floor(min(ys))
        size = (max(1, math.ceil(max(xs)) - left + 1), max(1, math.ceil(max(ys)) - top + 1))
        mask = Image.new("L", size)
        ImageDraw.Draw(mask).polygon(
            [(x - left, y - top) for x, y in placed], fill=round(255 * alpha)
        )
        if isinstance(fill, str):
            self.image.paste(fill, (left, top, left + size[0], top + size[1]), mask)
        else:
            ramp = Image.linear_gradient("L").resize(size)
            colours = Image.composite(
                Image.new("RGB", size, fill[1]), Image.new("RGB", size, fill[0]), ramp
            )
            self.image.paste(colours, (left, top), mask)

    def ellipse(
        self, x: float, y: float, rx: float, ry: float, fill: Fill, *, alpha: float = 1
    ) -> None:
        self.shape(oval(x, y, rx, ry), fill, alpha=alpha)

    def box(
        self, x: float, y: float, w: float, h: float, fill: Fill, *, r: float = 0, alpha: float = 1
    ) -> None:
        self.shape(rounded(x, y, w, h, r), fill, alpha=alpha)

    def line(self, points: list[Point], width: float, fill: str) -> None:
        """A stroke with round joints and round ends."""
        placed = self._place(points)
        a, _, _, d, _, _ = self.matrix
        thick = max(1.0, width * math.hypot(a, d))
        self.pen.line(placed, fill=fill, width=round(thick), joint="curve")
        for x, y in (placed[0], placed[-1]):
            self.pen.ellipse(
                (x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2), fill=fill
            )

    def glow(self, x: float, y: float, radius: float, colour: str, strength: float = 0.6) -> None:
        """A soft light that fades towards its rim."""
        ((px, py),) = self._place([(x, y)])
        r = round(radius * self.scale)
        mask = ImageChops.invert(Image.radial_gradient("L")).resize((2 * r, 2 * r))
        mask = mask.point(lambda v: round(max(0, (v - 75) / 180) ** 1.6 * 255 * strength))
        self.image.paste(colour, (round(px) - r, round(py) - r, round(px) + r, round(py) + r), mask)

    @contextmanager
    def clip(self, points: list[Point]):
        """Whatever is drawn inside stays within the outline."""
        before = self.image.copy()
        mask = Image.new("L", self.image.size)
        ImageDraw.Draw(mask).polygon(self._place(points), fill=255)
        yield self
        self.image.paste(Image.composite(self.image, before, mask))

    def grain(self, amount: float = 6, *, seed: int = 1) -> None:
        """Paper grain: the same faint noise for the same seed."""
        small = (self.width // 2, self.height // 2)
        noise = Image.frombytes("L", small, random.Random(seed).randbytes(small[0] * small[1]))
        noise = noise.resize(self.image.size, Image.Resampling.BICUBIC).filter(
            ImageFilter.GaussianBlur(1)
        )
        noise = noise.point(lambda v: round(128 + (v - 128) * amount / 60))
        self.image.paste(ImageChops.overlay(self.image, Image.merge("RGB", [noise] * 3)))

    def finish(self) -> Image.Image:
        return self.image.reduce(self.scale)
