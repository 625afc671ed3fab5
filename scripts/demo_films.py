"""The four films, scene by scene. A scene draws one moment: `scene(canvas, seconds, share)`.

`share` runs from 0 to 1 over the scene. Labels are numbers and signs only, so that one film
serves every language; the captions tell the story.
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import math

import demo_things as things
from demo_canvas import Canvas, ease, mix, oval, rounded, smooth
from demo_film_parts import (
    AMBER,
    BRICK,
    DEEP,
    INK,
    MOSS,
    PAPER,
    TEAL,
    arrow,
    gusts,
    meadow,
    on,
    tag,
)
from demo_scenery import gull, stone_pine

# --- a jacket wakes up ------------------------------------------------------------------------------

def _wall(c: Canvas, tones: tuple[str, str]) -> None:
    c.box(0, 0, 960, 540, tones)
    c.ellipse(480, 300, 230, 230, "#ffffff", alpha=0.16)


def jacket_soaked(c: Canvas, t: float, u: float) -> None:
    _wall(c, ("#6d8790", "#a9bab6"))
    with c.at(480, 460, scale=2.7):
        things.jacket(c)
        for i, (x, y, r) in enumerate(((-14, -50, 12), (15, -34, 15), (-12, -14, 13), (8, -66, 9))):
            s = ease(u * 2.2 - i * 0.2)
            c.ellipse(x, y, r * s, r * s * 1.1, "#6a2a1c", alpha=0.55)
    for i in range(60):
        x, y = (i * 167 + 40) % 960, (i * 91 + t * 420) % 560 - 10
        c.line([(x, y), (x - 3, y + 15)], 2, "#e6efec")


def jacket_wash(c: Canvas, t: float, u: float) -> None:
    _wall(c, ("#bfe0dc", "#8cc5c2"))
    c.shape(rounded(290, 100, 380, 390, 30), ("#fbf6ea", "#e4d9c2"))
    c.box(290, 158, 380, 4, "#cdbf9f")
    c.ellipse(340, 130, 14, 14, AMBER)
    tag(c, 590, 130, "30 °C", fill=TEAL, ink=PAPER)
    c.ellipse(480, 322, 142, 142, "#93a5a5")
    c.ellipse(480, 322, 120, 120, DEEP)
    level = [(x, 330 + 7 * math.sin(x / 26 + t * 7)) for x in range(366, 596, 8)]
    inside = oval(480, 322, 116, 116, 5, 175)
    c.shape([*level, *inside], "#5fb7d4", alpha=0.75)
    with c.at(480, 330, turn=t * 150), c.at(0, 62, scale=1.0):
        things.jacket(c)
    for i in range(14):
        a = t * 1.6 + i * 0.9
        c.ellipse(480 + 92 * math.cos(a) * (0.4 + i % 3 * 0.28), 330 + 80 * math.sin(a * 1.2) * (0.4 + i % 4 * 0.2), 5 + i % 4 * 2, 5 + i % 4 * 2, "#ffffff", alpha=0.7)


def jacket_warm(c: Canvas, t: float, u: float) -> None:
    _wall(c, ("#f8dfae", "#f0b96e"))
    with c.at(480, 470, scale=2.7):
        things.jacket(c)
    x = 330 + 300 * (0.5 - 0.5 * math.cos(u * math.pi * 3))
    with c.at(x, 330, scale=1.15):
        c.shape([*smooth([(-76, 24), (-60, -14), (30, -26), (84, 24)]), (-76, 24)], ("#7fb9bb", TEAL))
        c.box(-80, 22, 168, 9, "#d5dcd9", r=4)
        c.line(smooth([(-42, -20), (-36, -52), (34, -52), (44, -22)]), 11, DEEP)
    for i in range(5):
        lift = (t * 0.7 + i * 0.23) % 1
        c.line(smooth([(330 + i * 75, 190 - lift * 60), (342 + i * 75, 176 - lift * 60), (330 + i * 75, 160 - lift * 60)]), 4, mix("#e8743b", "#f8dfae", lift))
    tag(c, 770, 330, "20 min", fill=BRICK, ink=PAPER, share=u * 3)


def jacket_beads(c: Canvas, t: float, u: float) -> None:
    on(c, "day", 7, ("#93b06a", "#4c7a55"), sun=(150, 130, 34))
    with c.at(480, 470, scale=2.75):
        things.jacket(c)
    for i in range(34):
        fall = (t * 0.55 + i * 0.137) % 1
        x = 402 + (i * 53) % 156
        y = 250 + fall * 216
        drift = (x - 480) * fall * 0.32
        c.ellipse(x + drift, y, 4.2, 5.6, "#eaf7fa")
        c.ellipse(x + drift - 1.3, y - 1.7, 1.4, 1.8, "#ffffff")
    s = ease(u * 2 - 0.6)
    if s > 0.02:
        c.ellipse(690, 210, 44 * s, 44 * s, MOSS)
        c.line([(670, 212), (684, 226), (712, 194)] if s > 0.8 else [(684, 226), (685, 226)], 9, PAPER)


# --- a tent in the wind -----------------------------------------------------------------------------

GREEN = ("#93a06a", "#4c6a4c")


def tent_wind(c: Canvas, t: float, u: float) -> None:
    on(c, "storm", 12, GREEN)
    gusts(c, t)
    with c.at(330, 470, scale=1.9):
        things.person(c, top=BRICK, hat=True, reach=-34)
    for i in range(12):
        s = (t * 0.5 + i * 0.09) % 1
        c.box(380 + s * 420, 330 - 60 * math.sin(s * 3.1) + i * 4, 10, 3, "#b9c46a", r=1)
    arrow(c, (420, 250), (660, 250), AMBER, u * 2 - 0.5)
    meadow(c, t, 0.7)


def tent_peg(c: Canvas, t: float, u: float) -> None:
    on(c, "storm", 12, GREEN)
    gusts(c, t)
    roll = ease(u * 2 - 0.9)
    width = 90 + 330 * roll
    c.shape(rounded(300, 446, width, 20, 9), (mix(AMBER, "#ffffff", 0.2), AMBER))
    c.ellipse(300 + width, 444, 34 - 20 * roll, 30 - 18 * roll, mix(AMBER, "#3a1c10", 0.2))
    c.ellipse(300 + width, 444, 18 - 11 * roll, 16 - 10 * roll, mix(AMBER, "#ffffff", 0.25))
    hit = ease(u * 3)
    with c.at(292, 462, turn=-45):
        c.box(-4, -52 + 34 * hit, 8, 52, "#d5dcd9", r=3)
        c.box(-11, -56 + 34 * hit, 22, 8, "#93a5a5", r=3)
    with c.at(238 + 24 * hit, 396 + 24 * hit, turn=-45 - 30 * abs(math.sin(t * 5)) * (1 - hit)):
        c.box(-22, -16, 44, 26, "#6d7f80", r=6)
        c.box(-5, -70, 10, 58, "#8a5a2c", r=4)
    tag(c, 180, 340, "45°", fill=TEAL, ink=PAPER, share=u * 3 - 0.6)
    meadow(c, t, 0.7)


def tent_raise(c: Canvas, t: float, u: float) -> None:
    on(c, "storm", 12, GREEN)
    gusts(c, t)
    up = ease(u * 1.5)
    with c.at(470, 468, scale=2.7):
        points = lambda x, y: (x, 4 + (y - 4) * (0.08 + 0.92 * up))  # noqa: E731
        top = points(-8 + 6 * math.sin(t * 4) * (1 - up), -78)
        c.shape([top, points(62, -66), (108, 2), (52, 4)], mix(AMBER, "#3a1c10", 0.28))
        c.shape([top, (-70, 4), (52, 4)], (mix(AMBER, "#ffffff", 0.22), AMBER))
        c.line(smooth([(-70, 4), points(-38, -50), top, points(26, -44), (52, 4)]), 2.2, DEEP)
    arrow(c, (260, 440), (260, 300), PAPER, u * 2 - 0.2)
    with c.at(760, 478, scale=1.7, flip=True):
        things.person(c, top=BRICK, hat=True, reach=-20 * up)
    meadow(c, t, 0.7)


def tent_lines(c: Canvas, t: float, u: float) -> None:
    on(c, "storm", 12, GREEN)
    gusts(c, t)
    with c.at(470, 468, scale=2.7):
        things.tent(c, lines=False, sway=1.5 * math.sin(t * 3) * (1 - u))
    ends = (((449, 257), (130, 474)), ((637, 290), (850, 472)), ((360, 370), (205, 486)), ((700, 400), (800, 486)))
    for i, (a, b) in enumerate(ends):
        s = ease(u * 3 - i * 0.55)
        if s > 0.02:
            c.line([a, (a[0] + (b[0] - a[0]) * s, a[1] + (b[1] - a[1]) * s)], 3, PAPER)
            if s > 0.95:
                c.line([(b[0] - 4, b[1] - 8), (b[0] + 5, b[1] + 8)], 6, "#d5dcd9")
    meadow(c, t, 0.7)


def tent_done(c: Canvas, t: float, u: float) -> None:
    on(c, "dusk", 12, ("#5f6a52", "#2b3b3c"), sun=(760, 265, 34))
    c.glow(440, 420, 230, "#ffcf7a", 0.55 * ease(u * 2))
    with c.at(470, 468, scale=2.7):
        things.tent(c, lit=True, sway=0.8 * math.sin(t * 3))
    with c.at(740, 480, scale=1.6):
        things.person(c, top=BRICK, hat=True)
    gull(c, 240 + t * 20, 170 - t * 4, 18, "#f4e3c6", abs(math.sin(t * 4)))
    meadow(c, t, 0.3)


# --- a rucksack in three rooms ----------------------------------------------------------------------

SAND = ("#f3dfb4", "#e2bf86")


def _bag(c: Canvas, fill: tuple[float, float, float, float]) -> None:
    """An opened pack; `fill` says how far the four loads have come in, 0 to 1."""
    c.box(0, 0, 960, 540, SAND)
    c.ellipse(480, 500, 190, 18, "#7a5030", alpha=0.25)
    c.line(smooth([(360, 150), (318, 240), (338, 420)]), 22, DEEP)
    c.shape(rounded(360, 110, 240, 390, 62), (mix(TEAL, "#ffffff", 0.12), TEAL))
    c.shape(rounded(380, 132, 200, 348, 46), mix(DEEP, "#000000", 0.25))
    liner, soft, heavy, top = (ease(f) for f in fill)
    if liner > 0.02:
        c.shape(rounded(386, 476 - 336 * liner, 188, 336 * liner, 42), "#f4f1e4", alpha=0.3)
    with c.clip(rounded(386, 134, 188, 344, 44)) if soft < 0 else c.at(0, 0):
        c.shape(rounded(394, 380 - 400 * (1 - soft), 172, 88, 40), (mix(BRICK, "#ffffff", 0.2), BRICK))
        for i, (x, y, w, h, tone) in enumerate(((394, 262, 66, 112, "#93a5a5"), (394, 196, 66, 62, AMBER))):
            c.shape(rounded(x - 520 * (1 - ease(heavy * 1.6 - i * 0.5)), y, w, h, 12), (mix(tone, "#ffffff", 0.25), tone))
        for i, (x, y, w, h, tone) in enumerate(((466, 300, 100, 74, MOSS), (466, 218, 100, 76, "#6b557f"))):
            c.shape(rounded(x + 580 * (1 - ease(top * 2 - i * 0.4)), y, w, h, 30), (mix(tone, "#ffffff", 0.22), tone))
        c.shape(rounded(400, 142 - 260 * (1 - ease(top * 2 - 0.9)), 162, 50, 24), (mix("#d9b33c", "#ffffff", 0.2), "#e0a82f"))


def bag_floor(c: Canvas, t: float, u: float) -> None:
    c.box(0, 0, 960, 540, SAND)
    with c.at(480, 470, scale=3.2):
        c.ellipse(4, 0, 52, 7, "#7a5030", alpha=0.3)
        things.backpack(c)
    loads = ((110, 170, TEAL), (90, 290, BRICK), (120, 400, MOSS), (700, 160, "#6b557f"), (730, 400, AMBER))
    for i, (x, y, tone) in enumerate(loads):
        s = ease(u * 3 - i * 0.3)
        if s > 0.05:
            with c.at(x + 75, y + 25, scale=s, turn=(i - 2) * 4):
                c.shape(rounded(-75, -25, 156, 58, 26), "#7a5030", alpha=0.22)
                c.shape(rounded(-78, -28, 156, 58, 26), (mix(tone, "#ffffff", 0.22), tone))
                c.box(-40, -28, 7, 58, mix(tone, "#000000", 0.28))
                c.box(34, -28, 7, 58, mix(tone, "#000000", 0.28))
    if u > 0.45:
        with c.at(790, 320, scale=1.0 * ease(u * 4 - 1.8)):
            things.moka(c)


def bag_low(c: Canvas, t: float, u: float) -> None:
    _bag(c, (u * 3, u * 2.2 - 0.7, 0, 0))
    arrow(c, (680, 424), (608, 424), BRICK, u * 3 - 2)


def bag_heavy(c: Canvas, t: float, u: float) -> None:
    _bag(c, (1, 1, u * 1.8, 0))
    arrow(c, (240, 270), (346, 270), AMBER, u * 3 - 1.6)
    tag(c, 196, 270, "kg", fill=INK, ink=PAPER, share=u * 3 - 1.4)


def bag_top(c: Canvas, t: float, u: float) -> None:
    _bag(c, (1, 1, 1, u * 1.5))
    for i in range(18):
        x, y = 640 + (i * 71) % 260, (i * 67 + t * 330) % 300 + 70
        c.line([(x, y), (x - 3, y + 13)], 2, "#7fb0b4")
    tag(c, 760, 420, "0:30", fill=TEAL, ink=PAPER, share=u * 3 - 1.1)


def bag_walk(c: Canvas, t: float, u: float) -> None:
    on(c, "day", 16, ("#d9c690", "#9fae6c"), sun=(160, 140, 36))
    stone_pine(c, 800, 440, 200, "#2c6a4f", flip=True)
    step = 11 * math.sin(t * 6)
    with c.at(250 + 330 * u, 470 - abs(step) * 0.35, scale=2.2):
        things.person(c, top=BRICK, pack=TEAL, step=step, hat=True)
    gull(c, 620 - t * 16, 150, 18, "#ffffff", abs(math.sin(t * 4)))
    tag(c, 480, 120, "⅔ + ⅓", fill=DEEP, ink=PAPER, share=u * 3 - 0.6)


# --- a hill on paper --------------------------------------------------------------------------------

def _table(c: Canvas) -> None:
    c.box(0, 0, 960, 540, ("#c9945c", "#a9713e"))
    c.shape(rounded(70, 84, 820, 430, 10), "#3a2010", alpha=0.3)
    c.shape(rounded(62, 74, 820, 430, 10), ("#fbf4e2", "#f1e4c6"))


def _ring(x: float, y: float, r: float, flat: float = 0.78, off: float = 0) -> list[tuple[float, float]]:
    points = []
    for a in range(0, 360, 12):
        k = math.radians(a)
        bump = 1 + 0.1 * math.sin(3 * k + 1) + 0.05 * math.sin(5 * k)
        points.append((x - off + r * bump * math.cos(k) * 1.2, y + r * bump * math.sin(k) * flat))
    loop = smooth(points, closed=True, steps=4)
    return [*loop, loop[0]]


def map_rings(c: Canvas, t: float, u: float) -> None:
    _table(c)
    for i in range(8):
        s = ease(u * 3.4 - i * 0.3)
        if s > 0.03:
            loop = _ring(470, 300, 200 - i * 24, off=i * 11)
            c.line(loop[: max(2, int(len(loop) * s))], 4.4 if i % 4 == 0 else 2.2, "#b07a4a")
    tag(c, 690, 200, "+10 m", fill=TEAL, ink=PAPER, share=u * 4 - 1.8)
    tag(c, 392, 296, "470", fill="#b07a4a", ink=PAPER, share=u * 4 - 2.2)


def map_rise(c: Canvas, t: float, u: float) -> None:
    c.box(0, 0, 960, 540, ("#bfe0dc", "#f4efd9"))
    lift = ease(u * 1.6 - 0.15)
    for i in range(8):
        y = 400 - i * 34 * lift
        flat = 0.78 - 0.46 * lift
        tone = mix("#7fa66a", "#efe3c0", i / 8)
        loop = _ring(470, y, 200 - i * 24, flat, i * 11)
        c.shape([(x, py + 26 * lift) for x, py in loop], mix(tone, "#3a4a30", 0.3))
        c.shape(loop, tone)
        c.line(loop, 2, "#b07a4a")
    if u > 0.6:
        arrow(c, (150, 330), (270, 250), BRICK, u * 4 - 2.5)
        arrow(c, (850, 330), (720, 300), MOSS, u * 4 - 2.8)


def map_steep(c: Canvas, t: float, u: float) -> None:
    _table(c)
    for i in range(8):
        c.line(_ring(470, 290, 200 - i * 24, off=i * 11), 2.4, "#b07a4a")
    s = ease(u * 3)
    c.ellipse(295, 290, 74 * s, 74 * s, BRICK, alpha=0.25)
    c.ellipse(620, 290, 92 * ease(u * 3 - 0.9), 92 * ease(u * 3 - 0.9), MOSS, alpha=0.3)
    if u > 0.2:
        c.line([(110, 470), (110 + 70 * s, 470 - 130 * s)], 8, BRICK)
    if u > 0.45:
        k = ease(u * 3 - 1.3)
        c.line([(680, 470), (680 + 150 * k, 470 - 45 * k)], 8, MOSS)


def map_path(c: Canvas, t: float, u: float) -> None:
    _table(c)
    c.shape([*smooth([(62, 420), (230, 440), (400, 478), (470, 504)]), (62, 504)], ("#a9d8d3", "#6fb7b5"))
    for i in range(8):
        c.line(_ring(500, 270, 180 - i * 22, off=i * 10), 2.2, "#b07a4a")
    route = smooth([(190, 420), (300, 420), (430, 424), (560, 420), (660, 370), (680, 290), (610, 240), (520, 250), (430, 268)])
    done = route[: max(2, int(len(route) * ease(u * 1.25)))]
    c.line(done, 7, BRICK)
    c.ellipse(190, 420, 11, 11, BRICK)
    x, y = done[-1]
    c.ellipse(x, y, 13, 13, AMBER)
    c.ellipse(x, y, 6, 6, PAPER)
    if u > 0.78:
        c.line([(430, 268), (430, 212)], 4, INK)
        c.shape([(430, 212), (474, 226), (430, 240)], AMBER)
    with c.at(800, 410, scale=1.25):
        things.compass(c, 24 + 10 * math.sin(t * 2) * (1 - u))


FILMS = {
    "wake-up-your-jacket": {"seconds": 14, "poster": 13.4, "scenes": [(0, jacket_soaked), (3.4, jacket_wash), (7, jacket_warm), (10.4, jacket_beads)]},
    "pitch-in-wind": {"seconds": 30, "crf": 29, "poster": 23.5, "scenes": [(0, tent_wind), (6, tent_peg), (13, tent_raise), (19, tent_lines), (25.4, tent_done)]},
    "pack-a-rucksack": {"seconds": 27, "poster": 15.4, "scenes": [(0, bag_floor), (5.4, bag_low), (10.8, bag_heavy), (16.2, bag_top), (21.6, bag_walk)]},
    "read-a-contour-map": {"seconds": 28, "poster": 26.5, "scenes": [(0, map_rings), (7, map_rise), (14, map_steep), (20.5, map_path)]},
}
