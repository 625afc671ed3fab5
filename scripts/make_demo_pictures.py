"""Draw the demo's pictures: `python scripts/make_demo_pictures.py [NAME …] [--sheet FILE]`.

Writes WebP files into `media/pictures/`: the hero 1600 x 900, all others 1200 x 675.
Every scene is a function whose name is the file's name; the contest's shores come from a table.
All drawings are made here and are free to use (CC0).
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import demo_things as things
from demo_canvas import Canvas, mix, oval, rounded, smooth
from demo_scenery import (
    PALETTES, beach, cloud, grass, gull, moon_disc, pine, plank_table, ridge, ridges, rock, sea, sky,
    slope, stars, steam, stone_pine, wave_line,
)  # fmt: skip
from PIL import Image

MEDIA = Path(__file__).resolve().parent.parent / "portal/home/demo/media/pictures"
AMBER, TEAL, BRICK, MOSS, PAPER = things.AMBER, things.TEAL, things.BRICK, things.MOSS, things.PAPER


def hero(c: Canvas) -> None:
    p = PALETTES["dawn"]
    sky(c, p, sun=(640, 330, 46))
    cloud(c, 320, 190, 150, "#fff6e4", 0.6)
    cloud(c, 1240, 140, 210, "#fff6e4", 0.5)
    ridges(c, p, 470, 330, count=4, seed=7, left=760, right=1700)
    ridges(c, p, 470, 130, count=2, seed=3, left=-100, right=520)
    sea(c, p, 468, sun_x=640, bottom=760)
    with c.at(380, 590, scale=0.7):
        things.kayak(c)
    beach(c, p, 720, seed=5)
    slope(c, [(760, 920), (980, 742), (1240, 700), (1660, 640)], ("#6f9a72", "#2d5f56"))
    stone_pine(c, 1440, 690, 330, "#1f5a4e", flip=True)
    stone_pine(c, 1560, 690, 240, "#2b6b5a")
    with c.at(1180, 742, scale=1.7):
        things.tent(c)
    with c.at(905, 826, scale=1.5):
        things.person(c, top=BRICK, hat=True)
    with c.at(820, 832, scale=1.45, flip=True):
        things.person(c, top=TEAL, pack=AMBER)
    with c.at(1020, 838, scale=0.5):
        things.stove(c)
        with c.at(0, -38):
            things.moka(c)
    steam(c, 1018, 766, 50)
    for i, (x, y, s) in enumerate(((520, 230, 22), (570, 205, 17), (470, 190, 14))):
        gull(c, x, y, s, "#7a5a50", i * 0.4)
    for i in range(9):
        grass(c, 1050 + i * 66, 900, 70, mix("#2d5f56", "#9fb36c", i % 3 / 3), lean=0.12, seed=i)


def tent_in_wind(c: Canvas) -> None:
    p = PALETTES["storm"]
    sky(c, p, sun=(210, 150, 40))
    for x, y, s in ((180, 120, 190), (640, 90, 260), (1040, 170, 200)):
        cloud(c, x, y, s, "#e9ebe2", 0.55)
    ridges(c, p, 420, 210, seed=12, left=500, right=1300)
    sea(c, p, 415)
    slope(c, [(-40, 470), (300, 500), (760, 540), (1260, 500)], ("#93a06a", "#4c6a4c"))
    with c.at(560, 560, scale=2.7):
        things.tent(c, sway=7)
    for i in range(26):
        grass(
            c,
            20 + i * 48,
            660 + (i * 37) % 30,
            62,
            mix("#4c6a4c", "#c7c07a", (i * 7 % 10) / 10),
            lean=0.75,
            seed=i,
        )
    for y, x, w in ((250, 120, 260), (300, 760, 320), (355, 330, 200)):
        c.line(
            smooth(
                [
                    (x, y),
                    (x + w * 0.5, y - 14),
                    (x + w, y),
                    (x + w + 26, y - 16),
                    (x + w + 8, y - 32),
                ]
            ),
            3.4,
            "#f4f1e2",
        )


def packing(c: Canvas) -> None:
    c.box(0, 0, 1200, 675, ("#f3dfb4", "#e2bf86"))
    for i in range(30):
        c.line(
            smooth([(-20, i * 26), (400, i * 26 + 9), (800, i * 26 - 7), (1220, i * 26 + 6)]),
            1.4,
            "#dcb880",
        )
    with c.at(600, 560, scale=4.3):
        c.ellipse(4, 0, 52, 7, "#7a5030", alpha=0.3)
        things.backpack(c)
    for x, y, w, h, tone, turn in (
        (90, 110, 250, 82, TEAL, -6),
        (96, 250, 190, 120, MOSS, 3),
        (110, 440, 240, 70, BRICK, 5),
    ):
        with c.at(x, y, turn=turn):
            c.shape(rounded(6, 9, w, h, 34), "#7a5030", alpha=0.25)
            c.shape(rounded(0, 0, w, h, 34), (mix(tone, "#ffffff", 0.22), tone))
            for k in (0.22, 0.78):
                c.box(w * k, 0, 9, h, mix(tone, "#000000", 0.28))
    with c.at(900, 250, scale=1.5):
        things.moka(c)
    with c.at(1050, 245, scale=1.5):
        things.mug(c)
    with c.at(950, 395, scale=1.15):
        things.compass(c)
    with c.at(900, 495, turn=-4):
        c.shape(rounded(5, 7, 230, 130, 6), "#7a5030", alpha=0.25)
        c.shape(rounded(0, 0, 230, 130, 6), PAPER)
        with c.clip(rounded(0, 0, 230, 130, 6)):
            things.contour_lines(c, 90, 70, 95)
            things.contour_lines(c, 205, 30, 60, seed=3)
        for k in (77, 154):
            c.line([(k, 0), (k, 130)], 1, "#d8c6a2")


def rain_jacket(c: Canvas) -> None:
    p = PALETTES["storm"]
    sky(c, p)
    ridges(c, p, 470, 300, count=4, seed=21)
    for x, y, s in ((240, 120, 230), (820, 90, 280)):
        cloud(c, x, y, s, "#dfe4de", 0.5)
    slope(c, [(-40, 560), (400, 590), (820, 570), (1260, 600)], ("#6d8f63", "#375c4b"))
    c.line(smooth([(-10, 160), (600, 200), (1210, 150)]), 4, "#4a3a30")
    for x, y, tone, turn in ((330, 540, AMBER, -3), (600, 552, BRICK, 2), (880, 540, TEAL, 4)):
        with c.at(x, y, scale=3.0, turn=turn):
            things.jacket(c, colour=tone)
            c.box(-3, -124, 6, 14, "#d9b37a", r=2)
    lot = random.Random(4)
    for _ in range(130):
        x, y = lot.random() * 1220, lot.random() * 690
        c.line([(x, y), (x - 5, y + 19)], 1.5, "#dfe8e4")
    for _ in range(46):
        x, y = lot.choice((330, 600, 880)) + lot.uniform(-84, 84), lot.uniform(310, 535)
        c.ellipse(x, y, 3.2, 4.4, "#ffffff", alpha=0.55)


def contour_map(c: Canvas) -> None:
    c.box(0, 0, 1200, 675, "#b9814c")
    plank_table(c, 0, "#b9814c")
    with c.at(90, 40, turn=-2.5):
        c.shape(rounded(14, 18, 1000, 580, 6), "#3a2010", alpha=0.3)
        sheet = rounded(0, 0, 1000, 580, 6)
        c.shape(sheet, ("#fbf4e2", "#f1e4c6"))
        with c.clip(sheet):
            c.shape(
                [
                    *smooth(
                        [(-20, 400), (150, 430), (300, 380), (460, 470), (640, 520), (700, 600)]
                    ),
                    (-20, 620),
                ],
                ("#a9d8d3", "#6fb7b5"),
            )
            c.shape(
                smooth(
                    [(300, 120), (520, 60), (760, 130), (820, 300), (600, 380), (360, 300)],
                    closed=True,
                ),
                "#cfdcae",
                alpha=0.6,
            )
            things.contour_lines(c, 560, 215, 300, rings=11)
            things.contour_lines(c, 880, 420, 180, rings=6, seed=4)
            things.contour_lines(c, 170, 130, 150, rings=5, seed=2)
            route = smooth(
                [
                    (210, 420),
                    (300, 350),
                    (380, 320),
                    (430, 260),
                    (520, 240),
                    (640, 300),
                    (760, 330),
                    (860, 440),
                ]
            )
            for i in range(0, len(route) - 3, 5):
                c.line(route[i : i + 3], 5, BRICK)
            c.ellipse(210, 420, 11, 11, BRICK)
            c.ellipse(860, 440, 11, 11, TEAL)
        for k in (250, 500, 750):
            c.box(k, 0, 2, 580, "#cbb78e")
            c.box(k + 2, 0, 30, 580, "#ffffff", alpha=0.16)
    with c.at(1010, 500, scale=2.2):
        c.ellipse(4, 7, 51, 51, "#3a2010", alpha=0.35)
        things.compass(c)
    with c.at(120, 640, turn=-28):
        c.shape(rounded(0, 0, 250, 20, 4), AMBER)
        c.shape([(250, 0), (285, 10), (250, 20)], PAPER)


def coffee_on_the_shore(c: Canvas) -> None:
    p = PALETTES["amber"]
    sky(c, p, sun=(860, 210, 58))
    ridges(c, p, 330, 140, seed=9, left=-100, right=640)
    sea(c, p, 328, sun_x=860, bottom=560)
    slope(c, [(-40, 520), (300, 490), (700, 505), (1260, 470)], ("#9a8064", "#5f4b3c"))
    c.shape(
        smooth(
            [(180, 560), (420, 528), (780, 530), (1020, 566), (760, 600), (380, 602)], closed=True
        ),
        "#b59a7a",
    )
    with c.at(480, 572, scale=2.1):
        things.stove(c)
        with c.at(0, -38, scale=1.25):
            things.moka(c)
    steam(c, 474, 236, 120, alpha=0.7)
    for x, rim in ((690, TEAL), (850, BRICK)):
        with c.at(x, 574, scale=2):
            c.ellipse(4, 0, 34, 5, "#3a2010", alpha=0.3)
            things.mug(c, rim=rim)
    steam(c, 690, 466, 80)
    steam(c, 850, 466, 80, phase=2)
    rock(c, 120, 640, 150, "#6d5846", seed=2)
    rock(c, 1120, 650, 130, "#6d5846", seed=5)
    gull(c, 300, 150, 20, "#a2744e")
    gull(c, 356, 128, 14, "#a2744e", 0.5)


def repair_bench(c: Canvas) -> None:
    c.box(0, 0, 1200, 675, ("#f1e3c8", "#e6cfa6"))
    c.shape(rounded(420, 50, 500, 260, 14), "#fbf3e1")
    with c.clip(rounded(436, 66, 468, 228, 6)):
        c.box(436, 66, 468, 228, ("#a5dad5", "#f4efd9"))
        ridge(c, 250, 110, ("#5b9a98", "#a9cbc8"), seed=4, peaks=4, left=436.1, right=905)
        c.box(436, 226, 468, 80, ("#7fc3c0", "#2d8d90"))
    c.box(664, 60, 10, 240, "#fbf3e1")
    for i, tone in enumerate((BRICK, AMBER, TEAL, MOSS, "#6b557f")):
        x = 90 + i * 58
        c.box(x - 20, 196, 40, 8, "#8a5a2c", r=3)
        c.box(x - 15, 144, 30, 54, (mix(tone, "#ffffff", 0.25), tone), r=4)
        c.box(x - 20, 138, 40, 8, "#8a5a2c", r=3)
    c.box(50, 204, 320, 12, "#9a6a38", r=3)
    plank_table(c, 430)
    c.box(1010, 60, 8, 200, "#3a4a4c")
    c.shape([(965, 290), (990, 240), (1038, 240), (1063, 290)], TEAL)
    c.shape([(965, 290), (1063, 290), (1200, 470), (800, 470)], "#fff3c4", alpha=0.32)
    with c.at(420, 600, scale=3.3, turn=-4):
        things.backpack(c, colour=BRICK, trim=PAPER)
    patch = rounded(388, 330, 78, 62, 10)
    c.shape(patch, AMBER)
    for i in range(9):
        for y in (336, 386):
            c.line([(394 + i * 8, y - 4), (394 + i * 8, y + 4)], 2, PAPER)
    c.line(smooth([(460, 340), (560, 280), (690, 400), (760, 520)]), 2.2, PAPER)
    c.line([(752, 505), (790, 575)], 4, "#6f8385")
    with c.at(930, 585, scale=1.0):
        for flip in (False, True):
            with c.at(0, 0, flip=flip, turn=12):
                c.line([(0, -10), (74, -92)], 9, "#93a5a5")
                c.line(oval(-26, 22, 22, 17), 9, BRICK)
    with c.at(655, 612, scale=1.5):
        things.mug(c, rim=BRICK)


def clean_coast(c: Canvas) -> None:
    p = PALETTES["day"]
    sky(c, p, sun=(950, 130, 46))
    cloud(c, 300, 120, 190)
    cloud(c, 720, 90, 130)
    ridges(c, p, 290, 170, seed=16, left=-80, right=700)
    sea(c, p, 288, bottom=520)
    beach(c, p, 440, seed=4)
    for x, y, s, top, flip, reach in (
        (330, 590, 1.9, AMBER, False, 26),
        (560, 560, 1.6, BRICK, True, 0),
        (860, 600, 2.0, TEAL, False, 30),
        (1030, 550, 1.5, MOSS, True, 10),
    ):
        c.ellipse(x, y, 40 * s, 6, "#7a5030", alpha=0.25)
        with c.at(x, y, scale=s, flip=flip):
            things.person(c, top=top, reach=reach, hat=top in (TEAL, BRICK))
    for x, y, s, tone in (
        (460, 612, 1.1, "#3f8f90"),
        (735, 600, 1.0, MOSS),
        (770, 622, 1.2, "#3f8f90"),
    ):
        with c.at(x, y, scale=s):
            things.bag_of_rubbish(c, tone)
    for x, y, tone in ((180, 620, "#5fb7d4"), (395, 612, BRICK), (925, 618, AMBER)):
        c.box(x, y, 26, 10, tone, r=4)
    gull(c, 520, 210, 22, "#ffffff")
    gull(c, 590, 180, 16, "#ffffff", 0.6)


def cliff_path(c: Canvas) -> None:
    p = PALETTES["day"]
    sky(c, p, sun=(260, 140, 44))
    cloud(c, 760, 110, 200)
    ridges(c, p, 330, 240, count=4, seed=33, left=420, right=1320)
    sea(c, p, 328, seed=8)
    slope(c, [(-40, 300), (220, 350), (430, 430), (560, 560), (640, 720)], ("#8fae6c", "#3e6f52"))
    c.shape(
        [*smooth([(430, 430), (500, 500), (560, 560), (640, 720)]), (560, 720), (470, 520)],
        "#d8b98a",
        alpha=0.8,
    )
    c.line(
        smooth([(-20, 470), (120, 450), (250, 470), (330, 520), (420, 600), (440, 700)]),
        26,
        "#ead7ac",
    )
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
        ridge(
            c,
            330 + i * 60,
            220 - i * 30,
            (mix("#b9d0b4", "#3f7a50", i / 3), "#e6eedd"),
            seed=50 + i,
            peaks=2 + i,
        )
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
        pine(
            c,
            40 + i * 88,
            545 + (i * 53) % 36,
            100 + (i * 31) % 50,
            mix("#2c5a3f", "#4f7f52", i % 3 / 3),
        )
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
    c.shape(
        smooth(
            [
                (1200, -60),
                (760, 160),
                (380, 300),
                (-60, 420),
                (-60, 300),
                (360, 190),
                (740, 40),
                (1040, -90),
            ],
            closed=True,
        ),
        "#8fb4bd",
        alpha=0.12,
    )
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
        wave_line(
            c, y, 20 + i * 3, mix("#7fa6a6", "#174650", i / 3), period=260 - i * 20, shift=i * 90
        )
        wave_line(
            c,
            y + 9,
            20 + i * 3,
            mix("#5c8c90", "#123a44", i / 3),
            period=260 - i * 20,
            shift=i * 90,
        )
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
    for x, y, s, top, flip in (
        (700, 610, 1.9, BRICK, False),
        (800, 615, 1.25, TEAL, True),
        (870, 618, 1.05, AMBER, False),
        (980, 608, 1.9, "#33506b", True),
    ):
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
    for i, (x, tone) in enumerate(
        ((420, AMBER), (520, BRICK), (610, TEAL), (720, AMBER), (800, MOSS))
    ):
        with c.at(x, 498 - i * 5, scale=1.15):
            things.person(c, top=tone, pack=mix(tone, "#000000", 0.35), hat=i % 2 == 0)
    for x, h in ((60, 240), (150, 180), (1100, 260), (1020, 170)):
        pine(c, x, 540, h, "#14303a")


SHORES = {
    "shore-1": ("dawn", 121, (300, 250, 44), "pine"), "shore-2": ("dusk", 137, (820, 300, 54), "boat"),
    "shore-3": ("storm", 143, None, "light"), "shore-4": ("day", 151, (960, 120, 40), "rocks"),
    "shore-5": ("night", 163, None, "moon"), "shore-6": ("amber", 171, (540, 240, 60), "gulls"),
    "shore-7": ("snow", 181, (220, 150, 36), "snow"), "shore-8": ("forest", 193, (880, 140, 40), "tent"),
}  # fmt: skip


def shore(c: Canvas, palette: str, seed: int, sun, what: str) -> None:
    """One photograph-like shore for the contest."""
    p = PALETTES[palette]
    sky(c, p, sun=sun)
    if what == "moon":
        stars(c, 200, seed=seed)
        moon_disc(c, 760, 150, 46)
    ridges(
        c,
        p,
        360,
        240,
        count=3 + seed % 2,
        seed=seed,
        **({"left": 300, "right": 1320} if seed % 3 else {"left": -80, "right": 840}),
    )
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
    if what in ("gulls", "rocks"):
        for i, (x, y) in enumerate(((700, 170), (780, 130), (640, 120), (860, 190))):
            gull(c, x, y, 18 + i * 2, "#ffffff" if what == "rocks" else "#8a5a34", i * 0.3)


SCENES = {f.__name__.replace("_", "-"): f for f in (
    hero, tent_in_wind, packing, rain_jacket, contour_map, coffee_on_the_shore, repair_bench, clean_coast, cliff_path,
    plateau_fog, winter_camp, kayak_bay, bike_road, night_sky, lighthouse_storm, family_camp, dry_store, first_light_walk,
)}  # fmt: skip


def draw(name: str) -> Image.Image:
    canvas = Canvas(*((1600, 900) if name == "hero" else (1200, 675)))
    if name in SHORES:
        shore(canvas, *SHORES[name])
    else:
        SCENES[name](canvas)
    canvas.grain(5, seed=len(name))
    return canvas.finish()


def save(picture: Image.Image, name: str) -> None:
    """Keep the file within its budget by lowering the quality step by step."""
    limit = 90_000 if name == "hero" else 60_000
    for quality in range(84, 40, -6):
        picture.save(MEDIA / f"{name}.webp", quality=quality, method=6)
        if (MEDIA / f"{name}.webp").stat().st_size <= limit:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="only these pictures")
    parser.add_argument("--sheet", help="also write all of them side by side into this PNG")
    options = parser.parse_args()
    names = options.names or [*SCENES, *SHORES]
    sheet = Image.new("RGB", (4 * 480, -(-len(names) // 4) * 270))
    for i, name in enumerate(names):
        picture = draw(name)
        save(picture, name)
        sheet.paste(picture.resize((480, 270)), (i % 4 * 480, i // 4 * 270))
    if options.sheet:
        sheet.save(options.sheet)


if __name__ == "__main__":
    main()
