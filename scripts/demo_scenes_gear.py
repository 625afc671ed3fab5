"""The scenes in which gear and people stand in front."""

# Coordinates read better in rows: this file keeps its own line breaks.
# ruff: noqa: E501
# fmt: off
from __future__ import annotations

import random

import demo_things as things
from demo_canvas import Canvas, mix, oval, rounded, smooth
from demo_scenery import (
    PALETTES,
    beach,
    cloud,
    grass,
    gull,
    plank_table,
    ridge,
    ridges,
    rock,
    sea,
    sky,
    slope,
    steam,
    stone_pine,
)

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
        grass(c, 20 + i * 48, 660 + (i * 37) % 30, 62, mix("#4c6a4c", "#c7c07a", (i * 7 % 10) / 10), lean=0.75, seed=i)
    for y, x, w in ((250, 120, 260), (300, 760, 320), (355, 330, 200)):
        c.line(smooth([(x, y), (x + w * 0.5, y - 14), (x + w, y), (x + w + 26, y - 16), (x + w + 8, y - 32)]), 3.4, "#f4f1e2")


def packing(c: Canvas) -> None:
    c.box(0, 0, 1200, 675, ("#f3dfb4", "#e2bf86"))
    for i in range(30):
        c.line(smooth([(-20, i * 26), (400, i * 26 + 9), (800, i * 26 - 7), (1220, i * 26 + 6)]), 1.4, "#dcb880")
    with c.at(600, 560, scale=4.3):
        c.ellipse(4, 0, 52, 7, "#7a5030", alpha=0.3)
        things.backpack(c)
    for x, y, w, h, tone, turn in ((90, 110, 250, 82, TEAL, -6), (96, 250, 190, 120, MOSS, 3), (110, 440, 240, 70, BRICK, 5)):
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
            c.shape([*smooth([(-20, 400), (150, 430), (300, 380), (460, 470), (640, 520), (700, 600)]), (-20, 620)], ("#a9d8d3", "#6fb7b5"))
            c.shape(smooth([(300, 120), (520, 60), (760, 130), (820, 300), (600, 380), (360, 300)], closed=True), "#cfdcae", alpha=0.6)
            things.contour_lines(c, 560, 215, 300, rings=11)
            things.contour_lines(c, 880, 420, 180, rings=6, seed=4)
            things.contour_lines(c, 170, 130, 150, rings=5, seed=2)
            route = smooth([(210, 420), (300, 350), (380, 320), (430, 260), (520, 240), (640, 300), (760, 330), (860, 440)])
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
    c.shape(smooth([(180, 560), (420, 528), (780, 530), (1020, 566), (760, 600), (380, 602)], closed=True), "#b59a7a")
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
    _lamp_and_pack(c)


def _lamp_and_pack(c: Canvas) -> None:
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
    for x, y, s, top, flip, reach in ((330, 590, 1.9, AMBER, False, 26), (560, 560, 1.6, BRICK, True, 0), (860, 600, 2.0, TEAL, False, 30), (1030, 550, 1.5, MOSS, True, 10)):
        c.ellipse(x, y, 40 * s, 6, "#7a5030", alpha=0.25)
        with c.at(x, y, scale=s, flip=flip):
            things.person(c, top=top, reach=reach, hat=top in (TEAL, BRICK))
    for x, y, s, tone in ((460, 612, 1.1, "#3f8f90"), (735, 600, 1.0, MOSS), (770, 622, 1.2, "#3f8f90")):
        with c.at(x, y, scale=s):
            things.bag_of_rubbish(c, tone)
    for x, y, tone in ((180, 620, "#5fb7d4"), (395, 612, BRICK), (925, 618, AMBER)):
        c.box(x, y, 26, 10, tone, r=4)
    gull(c, 520, 210, 22, "#ffffff")
    gull(c, 590, 180, 16, "#ffffff", 0.6)
