"""The scenes of land and sea, and the shores of the contest."""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import random

import demo_things as things
from demo_canvas import Canvas, mix, rounded, smooth
from demo_scenery import (
    PALETTES,
    beach,
    cloud,
    grass,
    gull,
    moon_disc,
    pine,
    ridge,
    ridges,
    rock,
    sea,
    sky,
    slope,
    stars,
    stone_pine,
    wave_line,
)

AMBER, TEAL, BRICK, MOSS, PAPER = things.AMBER, things.TEAL, things.BRICK, things.MOSS, things.PAPER


def cliff_path(c: Canvas) -> None:
    p = PALETTES["day"]
    sky(c, p, sun=(260, 140, 44))
    cloud(c, 760, 110, 200)
    ridges(c, p, 330, 240, count=4, seed=33, left=420, right=1320)
    sea(c, p, 328, seed=8)
    slope(c, [(-40, 300), (220, 350), (430, 430), (560, 560), (640, 720)], ("#8fae6c", "#3e6f52"))
    c.shape([*smooth([(430, 430), (500, 500), (560, 560), (640, 720)]), (560, 720), (470, 520)], "#d8b98a", alpha=0.8)
    c.line(smooth([(-20, 470), (120, 450), (250, 470), (330, 520), (420, 600), (440, 700)]), 26, "#ead7ac")
    stone_pine(c, 120, 420, 280, "#2c6a4f")
    stone_pine(c, 300, 420, 170, "#3a7a58", flip=True)
    with c.at(330, 560, scale=1.5):
        things.person(c, top=BRICK, pack=TEAL)
    with c.at(235, 500, scale=1.2):
        things.person(c, top=AMBER, pack=BRICK, hat=True)
    c.box(196, 500, 9, 120, "#7b4b2a")
    for y, tone in ((512, BRICK), (540, PAPER)):
        c.shape([(150, y), (236, y), (256, y + 11), (236, y + 22), (150, y + 22)], tone)
    with c.at(880, 500, scale=0.6):
        things.kayak(c, colour=PAPER)
    gull(c, 620, 250, 20)


def plateau_fog(c: Canvas) -> None:
    p = PALETTES["forest"]
    sky(c, p, sun=(900, 130, 42))
    for i in range(4):
        ridge(c, 330 + i * 60, 220 - i * 30, (mix("#b9d0b4", "#3f7a50", i / 3), "#e6eedd"), seed=50 + i, peaks=2 + i)
        for k in range(5):
            cloud(c, (k * 290 + i * 130) % 1300 - 50, 350 + i * 58, 230, "#f7f8ee", 0.55)
    slope(c, [(-40, 560), (300, 520), (720, 560), (1260, 510)], ("#8bb565", "#4e8150"))
    for x, y, s in ((330, 560, 1), (480, 580, 0.8), (860, 560, 0.9)):
        with c.at(x, y, scale=s):
            c.box(-60, -62, 120, 66, ("#9a6a42", "#6f4528"))
            c.shape([(-78, -58), (-44, -112), (44, -112), (78, -58)], "#5a4a44")
            c.box(-14, -40, 28, 44, "#3f2a1e")
            c.box(26, -44, 20, 20, "#ffe2a0")
    for i in range(14):
        pine(c, 40 + i * 88, 545 + (i * 53) % 36, 100 + (i * 31) % 50, mix("#2c5a3f", "#4f7f52", i % 3 / 3))
    for i in range(5):
        c.ellipse(600 + i * 50, 630 + i % 2 * 12, 15, 10, PAPER)
        c.ellipse(614 + i * 50, 625 + i % 2 * 12, 6, 6, "#4a3a30")


def winter_camp(c: Canvas) -> None:
    p = {**PALETTES["night"], "far": "#7fa0b3", "near": "#2f5468"}
    sky(c, p)
    stars(c, 150, seed=4)
    moon_disc(c, 930, 130, 40)
    ridges(c, p, 430, 300, count=3, seed=61)
    slope(c, [(-40, 430), (300, 470), (760, 450), (1260, 480)], ("#dfeaf0", "#9dbccb"))
    slope(c, [(-40, 600), (420, 560), (860, 600), (1260, 570)], ("#f2f6f6", "#bcd2dc"))
    for i in range(10):
        x = (i * 131) % 1200
        if not 420 < x < 760:
            pine(c, x, 500 + (i * 29) % 50, 150 + (i * 37) % 70, "#1f4652")
    c.glow(600, 500, 260, "#ffcf7a", 0.65)
    with c.at(590, 560, scale=2.0):
        things.tent(c, lit=True, lines=False)
    with c.at(810, 590, scale=1.3):
        things.person(c, top=BRICK, hat=True)
    for i in range(90):
        c.ellipse((i * 211) % 1200, (i * 127) % 675, 2.2, 2.2, "#ffffff", alpha=0.8)


def kayak_bay(c: Canvas) -> None:
    p = {**PALETTES["day"], "sea": ("#9fe0d6", "#128a90")}
    sky(c, p, sun=(180, 120, 42))
    ridges(c, p, 270, 220, count=3, seed=71, left=300, right=1320)
    sea(c, p, 268, seed=5)
    for x, y, s, seed in ((80, 300, 130, 1), (1090, 330, 190, 3), (960, 318, 90, 6)):
        rock(c, x, y, s, "#c9a877", seed=seed)
    stone_pine(c, 1080, 250, 150, "#2c6a4f", flip=True)
    for x, y, s, tone in ((420, 400, 1.0, BRICK), (640, 500, 1.9, AMBER)):
        c.ellipse(x, y + 12 * s, 105 * s, 9 * s, "#0c5a60", alpha=0.4)
        with c.at(x, y, scale=s):
            things.kayak(c, colour=tone)
    for y in (590, 630):
        wave_line(c, y, 7, "#0c6a70", alpha=0.25, period=170, shift=y)
    gull(c, 560, 170, 20)


def bike_road(c: Canvas) -> None:
    p = PALETTES["amber"]
    sky(c, p, sun=(300, 200, 52))
    ridges(c, p, 350, 190, seed=82, left=420, right=1320)
    sea(c, p, 348, sun_x=300, bottom=520)
    slope(c, [(-40, 470), (400, 480), (900, 450), (1260, 470)], ("#b9b36f", "#7f8a52"))
    slope(c, [(-40, 560), (500, 545), (1260, 560)], "#5d6466")
    for x in range(-20, 1240, 130):
        c.box(x, 612, 70, 7, "#f6ecd9", r=2)
    for x in range(0, 1240, 104):
        c.box(x, 490, 12, 60, PAPER, r=3)
    c.box(0, 500, 1200, 10, PAPER, r=3)
    with c.at(600, 600, scale=2.4):
        c.ellipse(0, 2, 90, 5, "#20333a", alpha=0.3)
        things.bicycle(c)
    stone_pine(c, 1060, 520, 260, "#4a6b45", flip=True)
    for i in range(6):
        grass(c, 60 + i * 34, 560, 60, "#7f8a52", lean=0.2, seed=i)


def night_sky(c: Canvas) -> None:
    p = PALETTES["night"]
    sky(c, p)
    c.shape(smooth([(1200, -60), (760, 160), (380, 300), (-60, 420), (-60, 300), (360, 190), (740, 40), (1040, -90)], closed=True), "#8fb4bd", alpha=0.12)
    stars(c, 420, seed=9, low=0.62)
    ridges(c, p, 440, 200, seed=91, left=500, right=1320)
    sea(c, p, 438, bottom=600)
    slope(c, [(-40, 560), (400, 530), (900, 560), (1260, 530)], ("#2a4a48", "#142a30"))
    for x, y, s, tone in ((300, 570, 1.5, AMBER), (820, 585, 1.9, BRICK)):
        c.glow(x, y - 40, 170, "#ffcf7a", 0.5)
        with c.at(x, y, scale=s):
            things.tent(c, colour=tone, lit=True, lines=False)
    for x, flip in ((540, False), (600, True)):
        with c.at(x, 605, scale=1.2, flip=flip):
            things.person(c, top=TEAL if flip else "#6b557f", reach=-26)
    stone_pine(c, 110, 560, 230, "#10262c")
    c.line([(330, 60), (250, 96)], 2.4, "#fff6dc")


def lighthouse_storm(c: Canvas) -> None:
    p = PALETTES["storm"]
    sky(c, p)
    for x, y, s in ((200, 110, 260), (620, 70, 300), (1060, 130, 240)):
        cloud(c, x, y, s, "#43606c", 0.5)
    sea(c, p, 390)
    rock(c, 870, 510, 230, "#3f4f52", seed=3)
    with c.at(860, 400, scale=2.6):
        things.lighthouse(c)
    for i, y in enumerate((450, 500, 555, 610)):
        wave_line(c, y, 20 + i * 3, mix("#7fa6a6", "#174650", i / 3), period=260 - i * 20, shift=i * 90)
        wave_line(c, y + 9, 20 + i * 3, mix("#5c8c90", "#123a44", i / 3), period=260 - i * 20, shift=i * 90)
    lot = random.Random(8)
    for _ in range(80):
        x, r = lot.gauss(690, 60), lot.uniform(1.5, 5)
        c.ellipse(x, 470 - abs(lot.gauss(0, 46)) + abs(x - 690) * 0.3, r, r, "#f2f6f2", alpha=0.65)


def family_camp(c: Canvas) -> None:
    p = PALETTES["forest"]
    sky(c, p, sun=(260, 150, 44))
    ridges(c, p, 360, 180, seed=101)
    sea(c, p, 372, bottom=470)
    slope(c, [(-40, 450), (420, 470), (860, 450), (1260, 460)], ("#a9c27a", "#5f8a55"))
    for i in range(9):
        x = (i * 149) % 1200
        pine(c, x, 470 + i % 3 * 8, 190 + (i * 43) % 90, mix("#2c5a3f", "#5a8a5a", i % 3 / 3))
    with c.at(380, 580, scale=2.3):
        things.tent(c, colour=AMBER)
    for x, y, s, top, flip in ((700, 610, 1.9, BRICK, False), (800, 615, 1.25, TEAL, True), (870, 618, 1.05, AMBER, False), (980, 608, 1.9, "#33506b", True)):
        c.ellipse(x, y, 26 * s, 5, "#2c4a30", alpha=0.3)
        with c.at(x, y, scale=s, flip=flip):
            things.person(c, top=top, hat=s < 1.2)
    c.line(smooth([(560, 330), (700, 372), (840, 380), (1000, 350), (1080, 310)]), 2, "#4a3a30")
    for i, tone in enumerate((BRICK, AMBER, TEAL, PAPER, BRICK, AMBER, TEAL)):
        x = 600 + i * 66
        y = 345 + 36 * (1 - ((i - 3) / 3.4) ** 2)
        c.shape([(x - 15, y), (x + 15, y), (x, y + 30)], tone)


def dry_store(c: Canvas) -> None:
    c.box(0, 0, 1200, 675, ("#dfeae4", "#c9dccf"))
    for y in (300, 560):
        c.box(80, y, 1040, 20, ("#b9814c", "#8f5f34"), r=4)
        c.box(80, y + 20, 1040, 14, "#6f4a28", alpha=0.18)
    for x, tone in ((170, TEAL), (310, BRICK), (450, MOSS)):
        c.shape(rounded(x - 52, 178, 104, 122, 40), (mix(tone, "#ffffff", 0.2), tone))
        c.box(x - 30, 166, 60, 18, mix(tone, "#000000", 0.25), r=8)
    for x, tone in ((640, AMBER), (790, TEAL), (950, BRICK)):
        with c.at(x, 300, scale=1.9):
            things.backpack(c, colour=tone, trim=PAPER)
    for i, tone in enumerate((AMBER, BRICK, TEAL)):
        with c.at(200 + i * 160, 548, scale=1.75):
            things.jacket(c, colour=tone)
    with c.at(720, 560, scale=1.8):
        things.stove(c)
    with c.at(850, 560, scale=1.7):
        things.moka(c)
    with c.at(990, 560, scale=1.7):
        things.mug(c)


def first_light_walk(c: Canvas) -> None:
    p = PALETTES["dusk"]
    sky(c, p, sun=(600, 330, 50))
    ridges(c, p, 430, 260, count=4, seed=111)
    slope(c, [(-40, 520), (300, 470), (640, 500), (900, 450), (1260, 480)], ("#2f4a4f", "#14282f"))
    for i, (x, tone) in enumerate(((420, AMBER), (520, BRICK), (610, TEAL), (720, AMBER), (800, MOSS))):
        with c.at(x, 498 - i * 5, scale=1.15):
            things.person(c, top=tone, pack=mix(tone, "#000000", 0.35), hat=i % 2 == 0)
    for x, h in ((60, 240), (150, 180), (1100, 260), (1020, 170)):
        pine(c, x, 540, h, "#14303a")


SHORES = {
    "shore-1": ("dawn", 121, (300, 250, 44), "pine"), "shore-2": ("dusk", 137, (820, 300, 54), "boat"),
    "shore-3": ("storm", 143, None, "light"), "shore-4": ("day", 151, (960, 120, 40), "rocks"),
    "shore-5": ("night", 163, None, "moon"), "shore-6": ("amber", 171, (540, 240, 60), "gulls"),
    "shore-7": ("snow", 181, (220, 150, 36), "snow"), "shore-8": ("forest", 193, (880, 140, 40), "tent"),
}


def shore(c: Canvas, palette: str, seed: int, sun, what: str) -> None:
    """One photograph-like shore for the contest."""
    p = PALETTES[palette]
    sky(c, p, sun=sun)
    if what == "moon":
        stars(c, 200, seed=seed)
        moon_disc(c, 760, 150, 46)
    ridges(c, p, 360, 240, count=3 + seed % 2, seed=seed, **({"left": 300, "right": 1320} if seed % 3 else {"left": -80, "right": 840}))
    sea(c, p, 358, seed=seed, sun_x=760 if what == "moon" else sun[0] if sun else None, bottom=600)
    beach(c, p, 545, seed=seed)
    _foreground(c, what)


def _foreground(c: Canvas, what: str) -> None:
    if what in ("pine", "tent", "gulls"):
        stone_pine(c, 1020 if what == "pine" else 150, 610, 380, "#2a5f50", flip=what == "pine")
    if what in ("rocks", "snow", "light"):
        for x, y, s in ((170, 610, 130), (330, 630, 80), (1060, 620, 170)):
            rock(c, x, y, s, "#8fa3a8" if what == "snow" else "#7d6a58", seed=x)
    if what == "light":
        with c.at(1060, 515, scale=2.3):
            things.lighthouse(c)
    if what in ("boat", "moon"):
        with c.at(420, 470, scale=1.1):
            things.kayak(c, colour=PAPER, paddler=what == "boat")
    if what == "tent":
        with c.at(760, 610, scale=1.6):
            things.tent(c, colour=BRICK)
    _birds(c, what)


def _birds(c: Canvas, what: str) -> None:
    if what in ("gulls", "rocks"):
        for i, (x, y) in enumerate(((700, 170), (780, 130), (640, 120), (860, 190))):
            gull(c, x, y, 18 + i * 2, "#ffffff" if what == "rocks" else "#8a5a34", i * 0.3)
