"""Things that people bring to the shore: tent, pack, jacket, coffee pot, boat, bicycle.

Each is drawn around (0, 0) at its foot, about 100 units high; place it with `canvas.at()`.
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import math

from demo_canvas import Canvas, mix, oval, rounded, smooth

TEAL, DEEP, AMBER, BRICK, MOSS, PAPER, INK = "#0f6a70", "#0c434b", "#e0982f", "#b8553b", "#66824a", "#f6ecd9", "#20333a"


def tent(c: Canvas, *, colour: str = AMBER, lit: bool = False, lines: bool = True, sway: float = 0) -> None:
    """A ridge tent seen from the front corner; `sway` pushes its top sideways."""
    top, dark = (-8 + sway, -78), mix(colour, "#3a1c10", 0.28)
    if lines:
        for end in ((-128, 4), (134, 4)):
            c.line([top if end[0] < 0 else (62 + sway, -66), end], 1.1, mix(PAPER, INK, 0.25))
    c.shape([*smooth([top, (28 + sway, -72), (62 + sway, -66)], steps=4), (108, 2), (52, 4)], (mix(colour, "#ffffff", 0.1), dark))
    c.shape([top, (-70 + sway * 0.3, 4), (52, 4)], (mix(colour, "#ffffff", 0.22), colour))
    door = "#ffe9a8" if lit else DEEP
    c.shape([(-8 + sway, -62), (-36, 4), (22, 4)], door)
    c.shape([(-8 + sway, -62), (-36, 4), (-24, 4), (-16, -18)], mix(colour, "#ffffff", 0.35))
    c.shape([(-8 + sway, -62), (22, 4), (12, 4), (3, -18)], dark, alpha=0.6)
    c.line([top, (-70 + sway * 0.3, 4)], 1.5, mix(colour, "#ffffff", 0.45))


def backpack(c: Canvas, *, colour: str = TEAL, trim: str = AMBER) -> None:
    dark = mix(colour, "#000000", 0.25)
    c.line(smooth([(-30, -84), (-44, -60), (-40, -20)]), 7, dark)
    c.shape(rounded(-34, -98, 68, 98, 20), (mix(colour, "#ffffff", 0.14), colour))
    c.shape(rounded(16, -98, 18, 98, 14), "#000000", alpha=0.1)
    c.shape(rounded(-36, -104, 72, 34, 16), (mix(colour, "#ffffff", 0.28), mix(colour, "#ffffff", 0.06)))
    c.shape(rounded(-26, -48, 52, 40, 10), dark)
    c.line([(-18, -40), (18, -40)], 2.4, trim)
    for x in (-16, 16):
        c.box(x - 2.5, -74, 5, 20, trim, r=2)
    c.shape(rounded(-44, -42, 12, 36, 5), mix(colour, "#000000", 0.35))
    c.shape(rounded(-43, -60, 10, 26, 4), "#d8e6e4")
    c.shape([*smooth([(-10, -106), (0, -114), (10, -106)]), (6, -104), (-6, -104)], dark)


def jacket(c: Canvas, *, colour: str = BRICK) -> None:
    """A rain jacket hanging by its hood, arms down."""
    dark, light = mix(colour, "#000000", 0.2), mix(colour, "#ffffff", 0.18)
    for flip in (False, True):
        with c.at(0, 0, flip=flip):
            c.shape(smooth([(-26, -84), (-44, -70), (-56, -20), (-42, -14), (-30, -48), (-24, -60)], closed=True), dark)
            c.shape(rounded(-57, -22, 16, 8, 3), mix(colour, "#000000", 0.35))
    c.shape(smooth([(-22, -88), (-34, -72), (-32, 0), (0, 4), (32, 0), (34, -72), (22, -88), (0, -84)], closed=True), (light, colour))
    c.shape(smooth([(-24, -84), (-22, -108), (0, -118), (22, -108), (24, -84), (0, -76)], closed=True), light)
    c.shape(smooth([(-13, -86), (-12, -102), (0, -108), (12, -102), (13, -86), (0, -80)], closed=True), dark)
    c.line([(0, -78), (0, 2)], 2.4, PAPER)
    for side in (-1, 1):
        c.line([(side * 24, -30), (side * 13, -20)], 2.2, dark)
    c.ellipse(17, -62, 4, 4, AMBER)


def moka(c: Canvas) -> None:
    """The pot that stands on every stove of this coast."""
    metal, shade = "#d5dcd9", "#93a5a5"
    c.shape([(-24, 0), (-18, -38), (18, -38), (24, 0)], (metal, shade))
    c.box(-20, -44, 40, 7, "#6f8385", r=2)
    c.shape([(-18, -44), (-27, -88), (27, -88), (18, -44)], (mix(metal, "#ffffff", 0.4), metal))
    c.shape([(-27, -88), (-37, -92), (-22, -72)], metal)
    c.shape([(6, -44), (9, -88), (27, -88), (18, -44)], "#000000", alpha=0.1)
    c.shape([(-26, -88), (-16, -99), (16, -99), (26, -88)], shade)
    c.ellipse(0, -103, 5, 5, INK)
    c.line(smooth([(24, -80), (44, -78), (46, -50), (38, -44)]), 7, INK)
    for x in (-8, 0):
        c.line([(x, -38), (x * 1.4, -2)], 1.2, mix(metal, shade, 0.6))


def mug(c: Canvas, *, colour: str = PAPER, rim: str = TEAL) -> None:
    c.line(oval(23, -24, 15, 15, -80, 80), 6, mix(colour, "#000000", 0.08))
    c.shape(rounded(-26, -50, 50, 50, 7), (colour, mix(colour, "#6a5038", 0.18)))
    c.box(-27, -52, 52, 5, rim, r=2.5)
    c.shape([*smooth([(-16, -18), (-6, -27), (2, -18), (10, -25), (18, -18)]), (18, -14), (-16, -14)], rim)


def stove(c: Canvas) -> None:
    c.shape(rounded(-20, -24, 40, 24, 6), (BRICK, mix(BRICK, "#000000", 0.25)))
    for x in (-26, 0, 26):
        c.line([(x * 0.3, -26), (x, -38)], 3, INK)
    for i, x in enumerate((-9, 0, 9)):
        c.shape(smooth([(x - 4, -27), (x - 3, -36), (x, -42 - i % 2 * 3), (x + 3, -36), (x + 4, -27)]), "#5fb7d4")


def lighthouse(c: Canvas, *, beam: bool = True) -> None:
    if beam:
        c.shape([(0, -90), (-700, -210), (-700, -10)], "#fff3c4", alpha=0.3)
    c.shape([(-17, 0), (-11, -80), (11, -80), (17, 0)], (PAPER, mix(PAPER, "#6a5038", 0.2)))
    for low, high in ((-18, -34), (-50, -66)):
        half = lambda y: 17 + y * 6 / 80  # noqa: E731
        c.shape([(-half(low), low), (-half(high), high), (half(high), high), (half(low), low)], BRICK)
    c.shape([(3, 0), (3, -80), (11, -80), (17, 0)], "#000000", alpha=0.1)
    c.box(-15, -84, 30, 5, INK, r=2)
    c.box(-8, -98, 16, 14, "#ffe9a8")
    c.shape([(-12, -98), (0, -110), (12, -98)], BRICK)


def kayak(c: Canvas, *, colour: str = AMBER, paddler: bool = True) -> None:
    c.shape(smooth([(-100, -14), (-50, -4), (0, 0), (50, -4), (100, -14), (50, 9), (0, 13), (-50, 9)], closed=True), (mix(colour, "#ffffff", 0.2), mix(colour, "#5a2c10", 0.2)))
    c.ellipse(0, -3, 24, 5, INK)
    if paddler:
        c.shape(smooth([(-13, -4), (-15, -30), (-6, -42), (6, -42), (15, -30), (13, -4)]), BRICK)
        c.ellipse(0, -53, 10, 11, "#d9a57c")
        c.shape(oval(0, -56, 13, 9, 180, 360), PAPER)
        c.line([(-66, -44), (62, -10)], 2.6, INK)
        for x, y in ((-70, -46), (66, -8)):
            c.ellipse(x, y, 13, 5.5, TEAL)


def bicycle(c: Canvas, *, colour: str = BRICK) -> None:
    for x in (-52, 52):
        c.line(oval(x, -32, 32, 32), 3.4, INK)
        for turn in range(0, 180, 30):
            (a, b) = oval(x, -32, 31, 31, turn, turn)[0], oval(x, -32, 31, 31, turn + 180, turn + 180)[0]
            c.line([a, b], 0.6, mix(INK, PAPER, 0.5))
    frame = [((-52, -32), (-8, -30)), ((-8, -30), (36, -76)), ((36, -76), (-24, -74)), ((-24, -74), (-8, -30)), ((-52, -32), (-24, -74)), ((52, -32), (34, -86))]
    for a, b in frame:
        c.line([a, b], 4.4, colour)
    c.line([(-24, -74), (-27, -86)], 3, INK)
    c.line([(-38, -87), (-17, -87)], 6, INK)
    c.line(smooth([(34, -86), (42, -92), (52, -86)]), 4, INK)
    c.ellipse(-8, -30, 7, 7, INK)
    c.shape(rounded(-84, -70, 34, 36, 6), (TEAL, DEEP))
    c.box(-84, -62, 34, 4, AMBER)


def person(c: Canvas, *, top: str = AMBER, skin: str = "#c98f66", hair: str = "#2f221c", pack: str | None = None, step: float = 8, hat: bool = False, reach: float = 0) -> None:
    """A walker seen from behind at an angle; `reach` lowers an arm to pick something up."""
    c.line([(-2, -42), (-step, -2)], 9, INK)
    c.line([(3, -42), (step, -2)], 9, mix(INK, "#ffffff", 0.12))
    for x in (-step, step):
        c.box(x - 5, -6, 13, 6, "#5a3a26", r=2)
    c.shape(smooth([(-13, -40), (-14, -66), (-8, -78), (8, -78), (14, -66), (13, -40)]), top)
    if pack:
        c.shape(rounded(-20, -80, 22, 36, 8), pack)
        c.shape(rounded(-21, -84, 24, 12, 6), mix(pack, "#ffffff", 0.2))
    c.line(smooth([(9, -70), (18, -58 + reach * 0.4), (22 + reach * 0.1, -46 + reach)]), 6, mix(top, "#000000", 0.12))
    c.ellipse(22 + reach * 0.1, -45 + reach, 4, 4, skin)
    c.ellipse(1, -89, 9.5, 10.5, skin)
    if hat:
        c.shape(oval(1, -91, 11, 10, 180, 360), BRICK)
        c.box(-10, -93, 22, 4, mix(BRICK, "#000000", 0.2), r=2)
    else:
        c.shape(smooth([(11, -92), (5, -101), (-7, -99), (-10, -88), (-6, -82), (-2, -91)], closed=True), hair)


def compass(c: Canvas, turn: float = 24) -> None:
    c.ellipse(0, 0, 50, 50, "#8a5a2c")
    c.ellipse(0, 0, 46, 46, AMBER)
    c.ellipse(0, 0, 39, 39, PAPER)
    for angle in range(0, 360, 30):
        (a,), (b,) = oval(0, 0, 36, 36, angle, angle)[:1], oval(0, 0, 31 if angle % 90 else 27, 31 if angle % 90 else 27, angle, angle)[:1]
        c.line([a, b], 2, INK)
    with c.at(0, 0, turn=turn):
        c.shape([(0, -27), (7, 0), (-7, 0)], BRICK)
        c.shape([(0, 27), (7, 0), (-7, 0)], INK)
    c.ellipse(0, 0, 4, 4, "#8a5a2c")


def contour_lines(c: Canvas, x: float, y: float, size: float, *, rings: int = 7, colour: str = "#b07a4a", seed: float = 1, width: float = 1.6) -> None:
    """Nested height lines of one hill, steeper on its left."""
    for ring in range(rings):
        r = size * (1 - ring / rings)
        points = []
        for a in range(0, 360, 15):
            t = math.radians(a)
            bump = 1 + 0.13 * math.sin(3 * t + seed) + 0.09 * math.sin(5 * t + seed * 2)
            points.append((x - size * 0.22 * ring / rings + r * bump * math.cos(t) * 1.15, y + r * bump * math.sin(t) * 0.8))
        loop = smooth(points, closed=True, steps=6)
        c.line([*loop, loop[0]], width * (1.8 if ring % 5 == 0 else 1), colour)


def bag_of_rubbish(c: Canvas, colour: str = "#3f8f90") -> None:
    c.shape(smooth([(-24, 0), (-30, -28), (-12, -50), (12, -50), (30, -28), (24, 0), (0, 3)], closed=True), (mix(colour, "#ffffff", 0.2), colour))
    c.shape(smooth([(-14, -62), (-6, -50), (6, -50), (14, -62), (0, -57)], closed=True), mix(colour, "#000000", 0.15))
    c.line([(-11, -49), (11, -49)], 3, AMBER)
