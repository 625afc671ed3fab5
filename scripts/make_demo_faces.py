"""Draw the demo members' portraits: `python scripts/make_demo_faces.py [--sheet FILE]`.

Reads `members.yaml`; a member's `look` ("woman hijab", "man beard glasses", "woman grey bun")
says what the drawing shows, everything else is drawn by lot from the handle, so that the same
file always gives the same faces. Writes 320 x 320 WebP files into `media/faces/`.
All drawings are made here and are free to use (CC0).
"""

# Coordinates read better in rows: this file keeps its own line breaks.
# fmt: off
from __future__ import annotations

import argparse
import random
from pathlib import Path

import yaml
from demo_canvas import Canvas, mix, oval, rounded, smooth
from PIL import Image

DEMO = Path(__file__).resolve().parent.parent / "portal/home/demo"
SIZE = 320
GROUNDS = (
    ("#bfe0dc", "#8cc5c2"), ("#f8dfae", "#f0c274"), ("#f5e6d3", "#e9cfae"), ("#d5e3c3", "#aecb97"),
    ("#f3cdb9", "#e5a98d"), ("#cfe0ee", "#9fc2dd"), ("#e2d8ec", "#c2b1d6"), ("#2f7f82", "#1d5f66"),
)
SKINS = ("#f6d3b8", "#efc3a0", "#e3ac84", "#cf9468", "#b3774d", "#8a5636", "#6b3f27")
HAIRS = ("#2a211f", "#3b2a22", "#5a3a26", "#7b4b2a", "#a8672f", "#c99a55", "#1f1d26")
CLOTHES = ("#0f5f66", "#d9902f", "#b4533c", "#5f7f4b", "#33506b", "#e8dcc5", "#6b557f", "#1f3d45")
INK = "#2b2320"


class Portrait:
    """One face, drawn back to front on a 320-pixel square."""

    def __init__(self, handle: str, look: str) -> None:
        self.lot = random.Random(f"kiyi {handle}")
        self.look = set(look.split())
        self.man = "man" in self.look
        self.ground = self.lot.choice(GROUNDS)
        tones = (
            SKINS[5:] if "dark" in self.look else SKINS[3:5] if "tan" in self.look else SKINS[:4]
        )
        self.skin = self.lot.choice(tones)
        self.hair = self._hair_colour()
        self.cloth = self.lot.choice([c for c in CLOTHES if c not in self.ground])
        self.wide = self.lot.uniform(60, 66) + (3 if self.man else 0)
        self.tall = self.lot.uniform(72, 78)
        self.canvas = Canvas(SIZE, SIZE, scale=3)

    def _hair_colour(self) -> str:
        if "grey" in self.look:
            return self.lot.choice(("#b9b4ae", "#d8d3cb", "#8f8a86"))
        if "red" in self.look:
            return "#b5562a"
        if "blond" in self.look:
            return self.lot.choice(("#d8b066", "#c99a55"))
        return self.lot.choice(HAIRS[:4] + HAIRS[6:])

    def draw(self) -> Image.Image:
        self._background()
        if not self.look & {"hijab", "bald", "buzz"}:
            self._hair_behind()
        self._body()
        if "hijab" in self.look:
            self._hijab_behind()
        self._head()
        if "beard" in self.look or "stubble" in self.look:
            self._beard()
        self._features()
        self._top()
        if "glasses" in self.look:
            self._glasses()
        return self.canvas.finish()

    def _background(self) -> None:
        c = self.canvas
        c.shape(rounded(0, 0, SIZE, SIZE, 0), self.ground)
        light = mix(self.ground[0], "#ffffff", 0.35)
        x = self.lot.choice((84, 236))
        c.ellipse(x, 104, 62, 62, light, alpha=0.55)
        waves = [(i * 40 - 20, 222 + (9 if i % 2 else -9)) for i in range(10)]
        c.shape(
            [*smooth(waves), (SIZE, SIZE), (0, SIZE)],
            mix(self.ground[1], "#0f5f66", 0.28),
            alpha=0.55,
        )

    def _body(self) -> None:
        c, dark = self.canvas, mix(self.cloth, "#000000", 0.16)
        reach = 112 if self.man else 98
        left = [(160 - reach, 330), (160 - reach + 6, 288), (160 - 66, 262), (132, 248)]
        right = [(320 - x, y) for x, y in reversed(left)]
        c.shape(smooth([*left, *right]), self.cloth)
        shade = mix(self.skin, "#7a3b20", 0.22)
        c.shape(smooth([(134, 200), (136, 246), (160, 268), (184, 246), (186, 200)]), shade)
        kind = self.lot.choice(("crew", "hood", "zip", "stripe"))
        if kind == "hood":
            for flip in (False, True):
                with c.at(160, 0, flip=flip):
                    c.shape(
                        smooth(
                            [(-30, 240), (-58, 246), (-66, 270), (-30, 292), (-2, 300), (-14, 270)],
                            closed=True,
                        ),
                        dark,
                    )
                    c.line([(-14, 288), (-16, 312)], 4, mix(self.cloth, "#ffffff", 0.6))
        elif kind == "zip":
            c.shape(
                smooth(
                    [(124, 240), (120, 256), (160, 284), (200, 256), (196, 240), (160, 268)],
                    closed=True,
                ),
                dark,
            )
            c.line([(160, 280), (160, 322)], 4, mix(self.cloth, "#ffffff", 0.55))
        else:
            c.line(smooth([(130, 248), (142, 266), (160, 272), (178, 266), (190, 248)]), 8, dark)
            if kind == "stripe":
                for y in (288, 306):
                    c.line(
                        [(160 - reach + 12, y), (160 + reach - 12, y)],
                        7,
                        mix(self.cloth, "#ffffff", 0.7),
                    )

    def _head(self) -> None:
        c, w, t = self.canvas, self.wide, self.tall
        shade = mix(self.skin, "#7a3b20", 0.14)
        if "hijab" not in self.look:
            for side in (-1, 1):
                c.ellipse(160 + side * (w - 1), 160, 12, 16, shade)
                c.ellipse(160 + side * (w - 1), 161, 6, 9, mix(shade, "#7a3b20", 0.16))
        jaw = 0.8 if self.man else 0.7
        half = [
            (0, -t),
            (w * 0.7, -t * 0.8),
            (w, -8),
            (w * 0.95, t * 0.35),
            (w * jaw, t * 0.76),
            (w * 0.3, t + 3),
        ]
        full = half + [(-x, y) for x, y in reversed(half[1:])]
        with c.at(160, 150):
            c.shape(smooth(full, closed=True), self.skin)
            for side in (-1, 1):
                c.ellipse(side * w * 0.6, 28, 15, 10, "#e0603f", alpha=0.2)

    def _features(self) -> None:
        c, gap = self.canvas, self.lot.uniform(25, 28)
        smile = self.lot.choice(("soft", "open", "soft", "side"))
        happy = self.lot.random() < 0.22
        brow = mix(self.hair, "#2b2320", 0.35) if "hijab" not in self.look else "#3b2a22"
        for side in (-1, 1):
            x = 160 + side * gap
            if happy:
                c.line(smooth([(x - 9, 153), (x, 146), (x + 9, 153)]), 4.5, INK)
            else:
                c.ellipse(x, 150, 5.6, 7, INK)
                c.ellipse(x + 2, 147.5, 1.9, 1.9, "#ffffff")
                if not self.man:
                    c.line([(x + side * 5, 145), (x + side * 10, 141)], 2.6, INK)
            lift = self.lot.uniform(-1.5, 1.5)
            c.line(
                smooth([(x - 11, 132 + lift), (x, 128 + lift), (x + 11, 132 + lift)]),
                6 if self.man else 4,
                brow,
            )
        nose = mix(self.skin, "#7a3b20", 0.34)
        c.line(smooth([(161, 156), (168, 172), (158, 176)]), 3.6, nose)
        self._mouth(smile)

    def _mouth(self, smile: str) -> None:
        c, lip = self.canvas, mix("#a63d33", self.skin, 0.15)
        if smile == "open":
            c.shape([*oval(160, 188, 22, 21, 0, 180)], "#7a2622")
            c.shape(rounded(142, 188, 36, 7, 3), "#fffaf2")
            c.shape(oval(160, 206, 11, 6, 180, 360), "#d9695c")
        elif smile == "side":
            c.line(smooth([(145, 191), (160, 198), (178, 188)]), 5, lip)
        else:
            c.line(smooth([(140, 189), (150, 197), (160, 199), (170, 197), (180, 189)]), 5, lip)

    def _hair_behind(self) -> None:
        c, w = self.canvas, self.wide
        back = mix(self.hair, "#000000", 0.22)
        if "long" in self.look:
            c.shape(
                smooth(
                    [
                        (160, 64),
                        (160 - w - 16, 96),
                        (160 - w - 22, 180),
                        (160 - w - 14, 262),
                        (160, 268),
                        (160 + w + 14, 262),
                        (160 + w + 22, 180),
                        (160 + w + 16, 96),
                    ],
                    closed=True,
                ),
                back,
            )
        elif "bob" in self.look:
            c.shape(
                smooth(
                    [
                        (160, 64),
                        (160 - w - 16, 100),
                        (160 - w - 19, 168),
                        (160 - w - 4, 214),
                        (160, 210),
                        (160 + w + 4, 214),
                        (160 + w + 19, 168),
                        (160 + w + 16, 100),
                    ],
                    closed=True,
                ),
                back,
            )
        elif "curly" in self.look:
            reach = 24 if self.man else 42
            for i in range(26):
                turn = 150 + 240 * i / 25 if self.man else 120 + 300 * i / 25
                ((x, y),) = oval(160, 136, w + reach - 22, 92, turn, turn)[:1]
                c.ellipse(x, y, 23, 23, self.hair if i % 2 else back)
        elif "bun" in self.look:
            c.ellipse(160, 58, 31, 29, back)
            c.ellipse(156, 54, 24, 22, self.hair)

    def _top(self) -> None:
        styles = {
            "hijab": self._hijab,
            "beanie": self._beanie,
            "cap": self._cap,
            "curly": self._curls,
            "bald": self._shine,
        }
        for name, style in styles.items():
            if name in self.look:
                return style()
        return self._short() if self.man else self._parting()

    def _short(self) -> None:
        c, w, t = self.canvas, self.wide, self.tall
        low, side = (-30, 1.0) if "buzz" in self.look else (-38, 1.05)
        rise = 8 if "buzz" in self.look else 24
        line = self.lot.choice(
            (
                [(-30, -46), (10, -50), (36, -42)],
                [(-34, -40), (-6, -54), (38, -46)],
                [(-30, -50), (0, -44), (34, -52)],
            )
        )
        with c.at(160, 150, flip=self.lot.random() < 0.5):
            outer = [
                (-w * side, 4),
                (-w * side - 3, -34),
                (-w * 0.8, -t * 0.86 - 4),
                (-8, -t - rise),
                (w * 0.72, -t * 0.92 - 4),
                (w * side + 3, -34),
                (w * side, 4),
            ]
            inner = [
                (w * 0.93, -8),
                (w * 0.88, low + 4),
                *reversed(line),
                (-w * 0.88, low + 4),
                (-w * 0.93, -8),
            ]
            c.shape(smooth(outer + inner, closed=True, steps=8), self.hair)
            if "buzz" not in self.look:
                c.line(
                    smooth([(-w * 0.5, -t * 0.86), (0, -t - 8), (w * 0.4, -t * 0.9)]),
                    5,
                    mix(self.hair, "#ffffff", 0.16),
                )

    def _parting(self) -> None:
        c, w, t = self.canvas, self.wide, self.tall
        shift = self.lot.choice((-22, 0, 18))
        fringe = "fringe" in self.look or ("bob" in self.look and self.lot.random() < 0.5)
        with c.at(160, 150):
            outer = [
                (-w - 5, 24),
                (-w - 9, -30),
                (-w * 0.72, -t - 8),
                (shift, -t - 20),
                (w * 0.72, -t - 8),
                (w + 9, -30),
                (w + 5, 24),
            ]
            if fringe:
                inner = [
                    (w - 6, -8),
                    (w * 0.7, -30),
                    (w * 0.3, -26),
                    (0, -32),
                    (-w * 0.35, -26),
                    (-w * 0.7, -30),
                    (-w + 6, -8),
                ]
            else:
                inner = [
                    (w - 4, -2),
                    (w * 0.72, -34),
                    (shift + 14, -t + 16),
                    (shift, -t + 8),
                    (shift - 14, -t + 16),
                    (-w * 0.72, -34),
                    (-w + 4, -2),
                ]
            c.shape(smooth(outer + inner, closed=True, steps=8), self.hair)
            c.line(
                smooth([(-w * 0.75, -t * 0.5 - 6), (-w * 0.4, -t - 2), (shift - 6, -t - 9)]),
                4,
                mix(self.hair, "#ffffff", 0.18),
            )

    def _curls(self) -> None:
        c, w = self.canvas, self.wide
        for i in range(13):
            x = 160 - w * 0.86 + w * 1.72 * i / 12
            lift = 26 * (1 - ((x - 160) / w) ** 2)
            c.ellipse(
                x, 100 - lift, 17, 17, self.hair if i % 2 else mix(self.hair, "#ffffff", 0.09)
            )

    def _shine(self) -> None:
        self.canvas.line(
            smooth([(134, 96), (150, 86), (166, 85)]), 5, mix(self.skin, "#ffffff", 0.45)
        )

    def _hijab_behind(self) -> None:
        self.scarf = self.lot.choice(
            [
                c
                for c in ("#0f5f66", "#d9902f", "#b4533c", "#e8dcc5", "#6b557f", "#7fa08a")
                if c != self.cloth
            ]
        )
        self.canvas.shape(
            smooth(
                [
                    (160, 52),
                    (78, 92),
                    (72, 190),
                    (84, 258),
                    (160, 300),
                    (236, 258),
                    (248, 190),
                    (242, 92),
                ],
                closed=True,
            ),
            self.scarf,
        )

    def _hijab(self) -> None:
        c, dark = self.canvas, mix(self.scarf, "#000000", 0.14)
        ring = smooth(
            [
                (160, 52),
                (84, 90),
                (74, 170),
                (96, 236),
                (160, 262),
                (224, 236),
                (246, 170),
                (236, 90),
            ],
            closed=True,
        )
        face = smooth(
            [
                (160, 88),
                (110, 112),
                (103, 168),
                (124, 212),
                (160, 227),
                (196, 212),
                (217, 168),
                (210, 112),
            ],
            closed=True,
        )
        c.shape([*ring, ring[0], face[0], *reversed(face)], self.scarf)
        c.line([*smooth(face[:: len(face) // 8], closed=True)], 4, dark)
        c.line(smooth([(92, 232), (130, 262), (190, 276)]), 4, dark)
        c.line(smooth([(104, 254), (140, 282), (196, 290)]), 4, dark)

    def _beanie(self) -> None:
        c, wool = self.canvas, self.lot.choice(("#d9902f", "#b4533c", "#0f5f66", "#5f7f4b"))
        w = self.wide
        c.shape(
            smooth(
                [
                    (160 - w - 4, 122),
                    (160 - w + 4, 76),
                    (160, 46),
                    (160 + w - 4, 76),
                    (160 + w + 4, 122),
                ]
            ),
            wool,
        )
        c.box(160 - w - 8, 100, 2 * w + 16, 26, mix(wool, "#000000", 0.16), r=12)
        for i in range(9):
            x = 160 - w + 2 * w * i / 8
            c.line([(x, 106), (x, 120)], 2.4, mix(wool, "#ffffff", 0.22))
        c.ellipse(160, 44, 14, 14, mix(wool, "#ffffff", 0.3))

    def _cap(self) -> None:
        c, cloth, w = (
            self.canvas,
            self.lot.choice(("#1f3d45", "#b4533c", "#e8dcc5", "#5f7f4b")),
            self.wide,
        )
        for side in (-1, 1):
            c.shape(rounded(160 + side * (w - 4) - 6, 112, 12, 36, 5), self.hair)
        c.shape(
            smooth(
                [
                    (160 - w - 5, 116),
                    (160 - w + 2, 76),
                    (160, 54),
                    (160 + w - 2, 76),
                    (160 + w + 5, 116),
                ]
            ),
            cloth,
        )
        c.shape(
            smooth([(160 - w - 12, 118), (160, 96), (160 + w + 12, 118), (160, 122)], closed=True),
            mix(cloth, "#000000", 0.2),
        )
        c.ellipse(160, 84, 9, 9, "#f0c274")

    def _beard(self) -> None:
        c, w, t = self.canvas, self.wide, self.tall
        full = "beard" in self.look
        with c.at(160, 150):
            outer = [
                (-w * 0.98, -2),
                (-w * 0.97, t * 0.4),
                (-w * 0.8, t * 0.84),
                (0, t + (16 if full else 5)),
                (w * 0.8, t * 0.84),
                (w * 0.97, t * 0.4),
                (w * 0.98, -2),
            ]
            inner = [
                (w * 0.82, t * 0.28),
                (w * 0.5, t * 0.36),
                (0, t * 0.37),
                (-w * 0.5, t * 0.36),
                (-w * 0.82, t * 0.28),
            ]
            c.shape(
                smooth(outer + inner, closed=True, steps=8), self.hair, alpha=1 if full else 0.22
            )
            if full:
                c.ellipse(0, 42, 25, 13, self.skin)
                c.shape(
                    smooth(
                        [(-27, 36), (-10, 28), (0, 30), (10, 28), (27, 36), (0, 35)], closed=True
                    ),
                    self.hair,
                )

    def _glasses(self) -> None:
        c, frame = self.canvas, self.lot.choice(("#2b2320", "#7b4b2a", "#0f5f66", "#b4533c"))
        for side in (-1, 1):
            x = 160 + side * 27
            rim = oval(x, 150, 21, 20) if "round" in self.look else rounded(x - 22, 133, 44, 34, 12)
            c.shape(rim, "#ffffff", alpha=0.2)
            c.line([*rim, rim[0], rim[1]], 4, frame)
            if "hijab" not in self.look:
                c.line([(x + side * 21, 147), (160 + side * (self.wide - 1), 144)], 4, frame)
        c.line(smooth([(154, 149), (160, 146), (166, 149)]), 4, frame)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheet", help="also write all faces side by side into this PNG")
    sheet_file = parser.parse_args().sheet
    members = yaml.safe_load((DEMO / "content/members.yaml").read_text("utf-8"))["members"]
    sheet = Image.new("RGB", (10 * 160, -(-len(members) // 10) * 160), "#f6efe2")
    for i, member in enumerate(members):
        picture = Portrait(member["handle"], member["look"]).draw()
        picture.save(DEMO / "media/faces" / member["face"], quality=84, method=6)
        sheet.paste(picture.resize((150, 150)), (i % 10 * 160 + 5, i // 10 * 160 + 5))
    if sheet_file:
        sheet.save(sheet_file)


if __name__ == "__main__":
    main()
