"""Parts of a landscape by the sea: skies, ridges, water, trees. Used by pictures and videos.

A palette gives a picture its hour: sky from top to horizon, light, ridges from far to near,
sea from horizon to shore, land. Everything irregular comes from a seed.
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import math
import random

from demo_canvas import Canvas, mix, oval, rounded, smooth

PALETTES = {
    "dawn": {"sky": ("#f3b98c", "#fdeccb"), "light": "#fff3d6", "far": "#c9a7a0", "near": "#2f6b6d", "sea": ("#f0cfa5", "#3f8f90"), "land": "#e4c590"},
    "day": {"sky": ("#9fd3d6", "#eef3e2"), "light": "#fffbe8", "far": "#a9cbc8", "near": "#1f6a68", "sea": ("#a5dad5", "#1d8288"), "land": "#ecd6a4"},
    "dusk": {"sky": ("#3f5573", "#f2a25f"), "light": "#ffd98a", "far": "#a9707a", "near": "#1d3b47", "sea": ("#eb9a5f", "#27506a"), "land": "#5b4a4c"},
    "night": {"sky": ("#0f2233", "#2f5a6b"), "light": "#f6ecd0", "far": "#345d6c", "near": "#0d222c", "sea": ("#4a7a86", "#122f3d"), "land": "#22343a"},
    "forest": {"sky": ("#cfe3cf", "#f4f0da"), "light": "#fffbe8", "far": "#b9d0b4", "near": "#2c5a3f", "sea": ("#bcd8cd", "#4f9186"), "land": "#8fae6c"},
    "storm": {"sky": ("#5d7783", "#c9d2c8"), "light": "#f4efd9", "far": "#92a6a8", "near": "#24454d", "sea": ("#a8bcb8", "#2b616b"), "land": "#8d8a72"},
    "amber": {"sky": ("#f6c979", "#fdf0d4"), "light": "#fff8e3", "far": "#e0b27e", "near": "#8a5a34", "sea": ("#f5d9a0", "#5fa39c"), "land": "#e9c487"},
    "snow": {"sky": ("#8fb3c7", "#eef1ea"), "light": "#fffdf2", "far": "#c7d6de", "near": "#5d8397", "sea": ("#c9dde0", "#4d8795"), "land": "#f4f4ee"},
}


def sky(
    c: Canvas, palette: dict, *, sun: tuple[float, float, float] | None = None, halo: float = 3.4
) -> None:
    """Sky over the whole picture, and a sun or moon at (x, y) of the given radius."""
    c.box(0, 0, c.width, c.height, palette["sky"])
    if sun:
        x, y, r = sun
        c.glow(x, y, r * halo, palette["light"], 0.75)
        c.ellipse(x, y, r, r, palette["light"])


def stars(c: Canvas, count: int, *, seed: int = 1, low: float = 0.55) -> None:
    lot = random.Random(seed)
    for _ in range(count):
        r = lot.choice((0.8, 1, 1.2, 1.9))
        c.ellipse(
            lot.random() * c.width,
            lot.random() * c.height * low,
            r,
            r,
            "#fff6dc",
            alpha=lot.uniform(0.35, 1),
        )


def cloud(
    c: Canvas, x: float, y: float, size: float, colour: str = "#ffffff", alpha: float = 0.7
) -> None:
    with c.at(x, y, scale=size / 100):
        outline = [
            (-100, 18),
            (-84, -6),
            (-52, -8),
            (-30, -38),
            (14, -40),
            (34, -14),
            (66, -20),
            (92, 2),
            (100, 18),
        ]
        c.shape([*smooth(outline), (100, 20), (-100, 20)], colour, alpha=alpha)


def ridge(
    c: Canvas,
    y: float,
    rise: float,
    colour,
    *,
    seed: int,
    peaks: float = 3,
    sharp: float = 0.5,
    left: float = 0,
    right: float | None = None,
) -> None:
    """A skyline from `left` to `right`, `rise` high, that falls to the base line `y` at inner ends."""
    lot, right = random.Random(seed), c.width if right is None else right
    waves = [
        (peaks * k * lot.uniform(0.8, 1.2), lot.random() * 6.3, 1 / k**1.25)
        for k in (1, 2, 3, 5, 8)
    ]
    points, steps = [], 120
    for i in range(steps + 1):
        t = i / steps
        total = sum(
            a
            * (
                1 - abs(math.sin(math.pi * f * t + p))
                if n < 2 and sharp > lot.random() * 0 + 0.4
                else 0.5 + 0.5 * math.sin(2 * math.pi * f * t + p)
            )
            for n, (f, p, a) in enumerate(waves)
        )
        height = total / 2.1 + lot.uniform(-0.012, 0.012) * sharp
        if left > 0:
            height *= min(1, t * 2.2)
        if right < c.width:
            height *= min(1, (1 - t) * 2.2)
        points.append((left + (right - left) * t, y - rise * height))
    c.shape(
        [*points, (right, c.height), (left, c.height)]
        if left <= 0 and right >= c.width
        else [*points, (right, y), (left, y)],
        colour,
    )


def ridges(
    c: Canvas, palette: dict, y: float, rise: float, *, count: int = 3, seed: int = 1, **span
) -> None:
    """Several skylines, each nearer, darker and lower than the one behind."""
    for i in range(count):
        share = i / max(1, count - 1)
        tone = mix(palette["far"], palette["near"], share * 0.75)
        light = mix(tone, palette["sky"][1], 0.35)
        ridge(
            c,
            y,
            rise * (1 - 0.28 * i),
            (tone, light),
            seed=seed * 31 + i,
            peaks=2 + i * 0.7,
            **span,
        )


def sea(
    c: Canvas,
    palette: dict,
    y: float,
    *,
    seed: int = 1,
    bottom: float | None = None,
    sun_x: float | None = None,
    shift: float = 0,
) -> None:
    """Water from the horizon down, with glints, and a path of light below the sun."""
    bottom = bottom or c.height
    c.box(0, y, c.width, bottom - y, palette["sea"])
    lot = random.Random(seed)
    for _ in range(70):
        depth = lot.random() ** 1.5
        gy, length = y + 4 + depth * (bottom - y - 8), 14 + depth * 70
        gx = (lot.random() * (c.width + 200) + shift * (0.4 + depth)) % (c.width + 200) - 100
        c.box(
            gx,
            gy,
            length,
            1.2 + depth * 2.2,
            mix(palette["sea"][0], "#ffffff", 0.45),
            r=2,
            alpha=0.16 + 0.22 * lot.random(),
        )
    if sun_x is not None:
        for i in range(26):
            depth = i / 26
            width = 16 + depth * 110 * lot.uniform(0.5, 1)
            c.box(
                sun_x - width / 2 + lot.uniform(-9, 9) + 5 * math.sin(shift / 9 + i),
                y + 3 + depth**1.2 * (bottom - y) * 0.8,
                width,
                2 + depth * 3.5,
                palette["light"],
                r=3,
                alpha=0.6 - depth * 0.4,
            )


def beach(
    c: Canvas, palette: dict, y: float, *, seed: int = 1, foam: bool = True, lift: float = 26
) -> None:
    """A shore line that swings around `y`, with wet sand and foam."""
    lot = random.Random(seed)
    line = smooth([(x, y + lot.uniform(-lift, lift)) for x in range(-80, c.width + 160, 150)])
    rest = [(c.width + 80, c.height), (-80, c.height)]
    if foam:
        c.shape([*[(x, ly - 9) for x, ly in line], *rest], "#ffffff", alpha=0.75)
        c.shape([*line, *rest], mix(palette["land"], "#7a5a3a", 0.22))
    c.shape(
        [*[(x, ly + (13 if foam else 0)) for x, ly in line], *rest],
        (palette["land"], mix(palette["land"], "#7a5a3a", 0.25)),
    )
    for _ in range(40):
        c.ellipse(
            lot.random() * c.width,
            y + 50 + lot.random() * (c.height - y),
            lot.uniform(1, 3.4),
            lot.uniform(0.8, 1.6),
            mix(palette["land"], "#5a4030", 0.4),
            alpha=0.5,
        )


def slope(c: Canvas, points: list[tuple[float, float]], colour) -> None:
    """Ground below a soft line, down to the picture's lower edge."""
    line = smooth(points)
    c.shape([*line, (line[-1][0], c.height), (line[0][0], c.height)], colour)


def pine(c: Canvas, x: float, y: float, height: float, colour: str, *, lean: float = 0) -> None:
    with c.at(x, y, scale=height / 100, turn=lean):
        c.box(-2.5, -22, 5, 24, mix(colour, "#3a2418", 0.55))
        for top, base, half in ((-100, -62, 17), (-80, -38, 24), (-58, -12, 31)):
            c.shape(
                [
                    (0, top),
                    (half, base),
                    (half * 0.45, base - 3),
                    (0, base + 3),
                    (-half * 0.45, base - 3),
                    (-half, base),
                ],
                colour,
            )
            c.shape(
                [(0, top), (half, base), (half * 0.4, base - 3), (2, base)], "#000000", alpha=0.1
            )


def stone_pine(
    c: Canvas, x: float, y: float, height: float, colour: str, *, flip: bool = False
) -> None:
    """The umbrella pine of this coast, leaning away from the wind."""
    with c.at(x, y, scale=height / 100, flip=flip):
        bark = mix(colour, "#5a3320", 0.65)
        c.line(smooth([(0, 2), (3, -30), (12, -62)]), 5, bark)
        c.line(smooth([(7, -42), (20, -56), (30, -66)]), 3, bark)
        for cx, cy, rx, ry, tone in (
            (12, -74, 44, 17, colour),
            (34, -66, 26, 11, mix(colour, "#000000", 0.12)),
            (2, -83, 30, 12, mix(colour, "#ffffff", 0.1)),
        ):
            c.ellipse(cx, cy, rx, ry, tone)


def grass(
    c: Canvas, x: float, y: float, size: float, colour: str, *, lean: float = 0, seed: int = 1
) -> None:
    lot = random.Random(seed)
    for i in range(9):
        tip = (i - 4) * 0.09 * size + lean * size
        foot = x + (i - 4) * size * 0.05
        high = size * lot.uniform(0.6, 1)
        c.shape(
            smooth(
                [
                    (foot - 2, y),
                    (foot + tip * 0.4, y - high * 0.6),
                    (foot + tip, y - high),
                    (foot + tip * 0.4 + 2.5, y - high * 0.55),
                    (foot + 2, y),
                ]
            ),
            colour,
        )


def rock(c: Canvas, x: float, y: float, size: float, colour: str, *, seed: int = 1) -> None:
    lot = random.Random(seed)
    around = [
        (
            math.cos(math.radians(a)) * size * lot.uniform(0.8, 1.1),
            -abs(math.sin(math.radians(a))) * size * lot.uniform(0.5, 0.75),
        )
        for a in range(180, 361, 30)
    ]
    with c.at(x, y):
        c.shape([*around, (size, 4), (-size, 4)], (mix(colour, "#ffffff", 0.2), colour))
        c.shape(
            [around[4], around[5], around[6], (size, 4), (size * 0.2, 4)], "#000000", alpha=0.14
        )


def gull(
    c: Canvas, x: float, y: float, size: float, colour: str = "#ffffff", beat: float = 0
) -> None:
    with c.at(x, y, scale=size / 20):
        c.line(
            smooth([(-20, -2 - beat * 8), (-10, -8), (0, 0), (10, -8), (20, -2 - beat * 8)]),
            2.6,
            colour,
        )


def steam(
    c: Canvas, x: float, y: float, size: float, *, phase: float = 0, alpha: float = 0.5
) -> None:
    for i in range(3):
        sway = [
            (
                x + (i - 1) * size * 0.2 + math.sin(phase + k * 1.1 + i) * size * 0.07,
                y - k * size * 0.16,
            )
            for k in range(7)
        ]
        for j, (px, py) in enumerate(smooth(sway, steps=5)):
            c.ellipse(
                px, py, size * 0.028, size * 0.04, "#ffffff", alpha=alpha * (1 - j / 31) * 0.6
            )


def wave_line(
    c: Canvas,
    y: float,
    height: float,
    colour: str,
    *,
    alpha: float = 1,
    period: float = 120,
    shift: float = 0,
) -> None:
    points = [
        (x, y + height * math.sin((x + shift) / period * 6.283))
        for x in range(-20, c.width + 40, 12)
    ]
    c.shape([*points, (c.width + 40, c.height), (-20, c.height)], colour, alpha=alpha)


def moon_disc(c: Canvas, x: float, y: float, r: float) -> None:
    c.glow(x, y, r * 4, "#f6ecd0", 0.6)
    c.ellipse(x, y, r, r, "#f6ecd0")
    for dx, dy, s in ((-0.3, -0.2, 0.22), (0.25, 0.3, 0.16), (0.3, -0.35, 0.1)):
        c.shape(oval(x + dx * r, y + dy * r, s * r, s * r), "#e2d5b0", alpha=0.7)


def plank_table(c: Canvas, y: float, colour: str = "#c08a52") -> None:
    c.box(0, y, c.width, c.height - y, (mix(colour, "#ffffff", 0.15), mix(colour, "#3a2010", 0.2)))
    for i in range(1, 5):
        py = y + (c.height - y) * (i / 5) ** 1.3
        c.box(0, py, c.width, 2.4, mix(colour, "#3a2010", 0.45), alpha=0.6)
    c.shape(rounded(0, y, c.width, 5, 0), "#ffffff", alpha=0.2)
