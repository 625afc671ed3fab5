"""Draw the portal's own pictures into ../static/img: one hand, the brand's teal and amber.

Run `python frontend/pictures.py`; the drawings are ours, so they carry no licence but the project's.
"""

import math
import random
from pathlib import Path

OUT = Path(__file__).resolve().parent.parent / "static" / "img"
DEEP, TEAL, MID, PALE, MIST = "#02454a", "#035e63", "#2b8d90", "#8fcfcf", "#d6eeec"
AMBER, GLOW, SAND, PAPER, BRICK = "#f6a926", "#fbd587", "#f3e3c7", "#fcf9f5", "#c8653d"


def ridge(rng, *, width, base, height, steps, colour, floor):
    """Return one mountain range as a path from edge to edge."""
    points = []
    for step in range(steps + 1):
        wave = math.sin(step * 1.7 + rng.random()) * 0.5 + rng.random() * 0.6
        points.append((width * step / steps, base - height * max(0.05, wave)))
    line = f"M0 {floor}L0 {points[0][1]:.0f}"
    for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
        middle = (x0 + x1) / 2
        line += f"C{middle:.0f} {y0:.0f} {middle:.0f} {y1:.0f} {x1:.0f} {y1:.0f}"
    return f'<path fill="{colour}" d="{line}V{floor}z"/>'


def house(x, y, w, h, wall, roof, rng, *, flat=False):
    """Return a house with windows, some of them lit, and a door."""
    parts = [f'<rect x="{x}" y="{y - h}" width="{w}" height="{h}" fill="{wall}"/>']
    if flat:
        parts.append(
            f'<rect x="{x - 4}" y="{y - h - 8}" width="{w + 8}" height="10" rx="2" fill="{roof}"/>'
        )
    else:
        top = y - h - w * 0.32
        parts.append(
            f'<path fill="{roof}" d="M{x - 8} {y - h}L{x + w / 2:.0f} {top:.0f}L{x + w + 8} {y - h}z"/>'
        )
    columns = max(2, w // 38)
    gap = w / columns
    for row in range(int((h - 62) // 48)):
        for column in range(columns):
            wx, wy = x + gap * column + gap / 2 - 8, y - h + 18 + row * 48
            glass = GLOW if rng.random() < 0.45 else MID
            parts.append(
                f'<rect x="{wx:.0f}" y="{wy}" width="16" height="24" rx="8" fill="{glass}"/>'
            )
    parts.append(f'<path fill="{DEEP}" d="M{x + w / 2 - 13:.0f} {y}v-30a13 13 0 0 1 26 0v30z"/>')
    return "".join(parts)


def person(x, y, coat, *, size=1.0, bag=None, skin="#e3b38b", hair="#43302b"):
    """Return a walker seen from behind or the front: a head, a coat, two legs, perhaps a pack."""
    back = f'<rect x="-17" y="-70" width="34" height="38" rx="11" fill="{bag}"/>' if bag else ""
    return (
        f'<g transform="translate({x} {y}) scale({size})">'
        f'<path d="M-7-32V-2M7-32V-2" stroke="{DEEP}" stroke-width="9" stroke-linecap="round"/>'
        f'<path fill="{coat}" d="M-15-28c-2-28 1-46 15-46s17 18 15 46q-15 6-30 0z"/>{back}'
        f'<circle cy="-86" r="12" fill="{skin}"/><path fill="{hair}" d="M-12-86a12 12 0 0 1 24 0q-5-6-12-6t-12 6z"/></g>'
    )


def tree(x, y, size=1.0, colour=TEAL, shade=DEEP):
    """Return a plane tree, the shade of every square."""
    return (
        f'<g transform="translate({x} {y}) scale({size})"><path d="M0 0V-80M0-46l-20-26M0-58l18-22" '
        f'stroke="#6d4a35" stroke-width="11" stroke-linecap="round" fill="none"/>'
        f'<circle cx="-32" cy="-104" r="36" fill="{shade}"/><circle cx="30" cy="-108" r="40" fill="{shade}"/>'
        f'<circle cx="-6" cy="-138" r="44" fill="{colour}"/><circle cx="-38" cy="-116" r="30" fill="{colour}"/>'
        f'<circle cx="34" cy="-122" r="32" fill="{colour}"/></g>'
    )


def umbrella(x, y, one, other):
    """Return a café table under a striped shade."""
    return (
        f'<g transform="translate({x} {y})"><path d="M0 0V-96" stroke="{DEEP}" stroke-width="5"/>'
        f'<path fill="{one}" d="M-66-84Q0-150 66-84z"/><path fill="{other}" d="M-22-84Q-14-112 0-117Q14-112 22-84z"/>'
        f'<path fill="{other}" d="M-66-84Q-52-102-38-108L-44-84zM66-84Q52-102 38-108L44-84z"/>'
        f'<rect x="-34" y="-36" width="68" height="7" rx="3.5" fill="#6d4a35"/><path d="M-22 0v-30M22 0v-30" stroke="#6d4a35" stroke-width="5"/></g>'
    )


def lights(x0, x1, y, sag, count):
    """Return a string of lamps between two points of equal height."""
    line = f'<path d="M{x0} {y}Q{(x0 + x1) / 2} {y + 2 * sag} {x1} {y}" fill="none" stroke="{DEEP}" stroke-width="2.5"/>'
    for index in range(1, count):
        t = index / count
        bx, by = x0 + (x1 - x0) * t, y + 4 * sag * t * (1 - t)
        line += f'<circle cx="{bx:.0f}" cy="{by + 7:.0f}" r="6.5" fill="{AMBER}"/><circle cx="{bx:.0f}" cy="{by + 7:.0f}" r="14" fill="{GLOW}" opacity=".35"/>'
    return line


def sea(width, top, bottom, rng, count=26):
    """Return water with glints below the sun."""
    lines = f'<rect y="{top}" width="{width}" height="{bottom - top}" fill="url(#sea)"/>'
    for _ in range(count):
        y = rng.uniform(top + 8, bottom - 6)
        x = rng.gauss(width * 0.62, width * 0.16)
        lines += f'<path d="M{x:.0f} {y:.0f}h{rng.uniform(14, 54):.0f}" stroke="{GLOW}" stroke-width="3" stroke-linecap="round" opacity=".{rng.randint(35, 85)}"/>'
    return lines


def boat(x, y, size=1.0):
    return (
        f'<g transform="translate({x} {y}) scale({size})"><path fill="{PAPER}" d="M2-8V-74q34 26 38 66z"/>'
        f'<path fill="{GLOW}" d="M-4-8V-60q-22 22-24 52z"/><path fill="{DEEP}" d="M-38-4H46q-8 18-22 18h-40q-14 0-22-18z"/></g>'
    )


def gradients():
    return (
        '<defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#bfe4e2"/>'
        f'<stop offset=".55" stop-color="#f6ead2"/><stop offset="1" stop-color="{GLOW}"/></linearGradient>'
        f'<linearGradient id="sea" x1="0" y1="0" x2="0" y2="1"><stop stop-color="#5fb3b3"/><stop offset="1" stop-color="{TEAL}"/></linearGradient>'
        f'<linearGradient id="floor" x1="0" y1="0" x2="0" y2="1"><stop stop-color="{SAND}"/><stop offset="1" stop-color="#e2c79b"/></linearGradient></defs>'
    )


def paving(width, top, bottom):
    """Return the joints of the square, running to one point at the horizon."""
    lines = ""
    for index in range(-9, 10):
        x = width / 2 + index * 58
        lines += f"M{x:.0f} {top}L{width / 2 + index * 132:.0f} {bottom}"
    y, step = top + 10, 12.0
    while y < bottom:
        lines += f"M0 {y:.0f}H{width}"
        step *= 1.32
        y += step
    return f'<path d="{lines}" stroke="#cfae7c" stroke-width="2" opacity=".55" fill="none"/>'


def square():
    """The hero: a square by the sea on a bright morning, with people who are about to set out."""
    rng = random.Random(11)
    w, h = 960, 720
    body = gradients() + f'<rect width="{w}" height="{h}" fill="url(#sky)"/>'
    body += f'<circle cx="610" cy="236" r="120" fill="{GLOW}" opacity=".45"/><circle cx="610" cy="236" r="70" fill="{AMBER}"/>'
    body += ridge(rng, width=w, base=330, height=150, steps=7, colour="#a9d6d4", floor=400)
    body += ridge(rng, width=w, base=360, height=110, steps=9, colour="#6fb6b5", floor=400)
    body += sea(w, 356, 500, rng, 34)
    body += boat(470, 408, 0.8) + boat(716, 388, 0.5)
    body += f'<rect y="478" width="{w}" height="242" fill="url(#floor)"/>' + paving(w, 494, h)
    body += f'<rect y="470" width="{w}" height="16" fill="{PAPER}"/><rect y="484" width="{w}" height="8" fill="#cfae7c"/>'
    for x in range(316, 720, 42):
        body += f'<rect x="{x}" y="440" width="8" height="34" fill="{PAPER}"/>'
    body += f'<rect x="300" y="434" width="420" height="9" rx="4" fill="{PAPER}"/>'
    body += house(-30, 500, 130, 300, "#f4ddba", BRICK, rng) + house(
        92, 506, 112, 220, PAPER, TEAL, rng, flat=True
    )
    body += house(196, 512, 96, 268, "#e9c48f", BRICK, rng)
    body += house(850, 512, 140, 330, "#f4ddba", BRICK, rng) + house(
        740, 506, 118, 236, MIST, TEAL, rng, flat=True
    )
    body += lights(250, 790, 268, 44, 13)
    body += tree(332, 556, 1.25, MID, TEAL) + tree(716, 548, 1.05, MID, TEAL)
    body += umbrella(150, 624, AMBER, PAPER) + umbrella(846, 612, TEAL, PAPER)
    body += person(210, 640, MID, size=1.0, hair="#2c2a2e") + person(
        96, 646, BRICK, size=0.95, skin="#c98f66"
    )
    body += person(500, 640, TEAL, size=1.3, bag=AMBER) + person(
        570, 652, BRICK, size=1.22, bag=DEEP, skin="#c98f66", hair="#2c2a2e"
    )
    body += person(432, 652, "#e9c48f", size=1.1, bag=TEAL, hair="#7a4b2c")
    body += person(786, 630, AMBER, size=0.95, skin="#8d5a3c", hair="#231f20")
    body += (
        f'<g transform="translate(668 660)"><rect x="-24" y="-52" width="48" height="54" rx="14" fill="{AMBER}"/>'
        f'<rect x="-17" y="-26" width="34" height="22" rx="7" fill="#cd7d09"/><path d="M-12-52q0-14 12-14t12 14" '
        f'stroke="{DEEP}" stroke-width="5" fill="none"/><rect x="-27" y="-66" width="54" height="15" rx="7.5" fill="{TEAL}"/></g>'
    )
    return w, h, body


def scene(draw):
    """Return a small picture on a disc of mist, for empty places and errors."""
    w, h = 480, 360
    disc = f'<ellipse cx="240" cy="186" rx="212" ry="158" fill="{MIST}"/>'
    clip = '<clipPath id="disc"><ellipse cx="240" cy="186" rx="212" ry="158"/></clipPath>'
    return w, h, gradients().replace("</defs>", f"{clip}</defs>") + disc + draw()


def hills(seed, colours=("#b4dcda", "#7dbfbe"), base=252):
    rng = random.Random(seed)
    ridges = "".join(
        ridge(rng, width=480, base=base + 26 * i, height=96 - 22 * i, steps=6, colour=c, floor=360)
        for i, c in enumerate(colours)
    )
    return (
        f'<g clip-path="url(#disc)"><circle cx="338" cy="120" r="44" fill="{AMBER}"/>{ridges}</g>'
    )


def tent(x, y, size=1.0):
    return (
        f'<g transform="translate({x} {y}) scale({size})"><path fill="{TEAL}" d="M-120 0L-14-118h28L120 0z"/><path fill="{DEEP}" d="M14-118L120 0H52z"/>'
        f'<path fill="{GLOW}" d="M-34 0Q-6-40 0-92Q6-40 34 0z"/><path d="M-14-118l-8-14M14-118l8-14" stroke="#6d4a35" stroke-width="5" stroke-linecap="round"/></g>'
    )


def ideas():
    """A lamp in front of a tent at dusk: room for the first idea."""
    bulb = (
        f'<circle cx="300" cy="150" r="74" fill="{GLOW}" opacity=".5"/><path fill="{AMBER}" d="M300 96a50 50 0 0 1 28 91q-6 5-6 14h-44q0-9-6-14a50 50 0 0 1 28-91z"/>'
        f'<path d="M282 212h36M286 224h28" stroke="{DEEP}" stroke-width="7" stroke-linecap="round"/><path d="M286 150l14 14l14-14M300 164v36" stroke="{PAPER}" stroke-width="5" stroke-linecap="round" stroke-linejoin="round" fill="none"/>'
    )
    return (
        hills(3).replace(f'<circle cx="338" cy="120" r="44" fill="{AMBER}"/>', "")
        + tent(190, 300, 0.95)
        + bulb
    )


def events():
    """A signpost on a ridge: something is coming."""
    post = (
        f'<path d="M240 312V118" stroke="#6d4a35" stroke-width="12" stroke-linecap="round"/><path fill="{TEAL}" d="M168 128h122l24 22l-24 22H168z"/>'
        f'<path fill="{BRICK}" d="M312 186H196l-22 20l22 20h116z"/><path d="M190 150h74M222 206h66" stroke="{PAPER}" stroke-width="7" stroke-linecap="round"/>'
    )
    return hills(8) + post + person(352, 314, TEAL, size=1.1, bag=AMBER)


def notices():
    """A quiet bay with a boat: nothing new, all is well."""
    rng = random.Random(5)
    water = sea(480, 214, 360, rng, 18)
    return hills(21, base=196) + f'<g clip-path="url(#disc)">{water}</g>' + boat(214, 262, 1.25)


def search():
    """A map and a glass."""
    paper = (
        f'<path fill="{PAPER}" d="M112 128l84-26l88 26l84-26v158l-84 26l-88-26l-84 26z"/><path fill="{SAND}" d="M196 102l88 26v158l-88-26z"/>'
        f'<path d="M136 220q34-46 74-20t66-14t58 6" stroke="{MID}" stroke-width="6" fill="none" stroke-dasharray="4 14" stroke-linecap="round"/><path d="M132 170q40-20 76-8" stroke="{PALE}" stroke-width="5" fill="none"/>'
        f'<circle cx="316" cy="222" r="46" fill="{PAPER}" opacity=".85"/><circle cx="316" cy="222" r="46" fill="none" stroke="{TEAL}" stroke-width="12"/><path d="M350 256l40 40" stroke="{TEAL}" stroke-width="16" stroke-linecap="round"/>'
    )
    return paper


def board():
    """Three steps and a flag."""
    steps = (
        f'<rect x="112" y="226" width="86" height="90" rx="8" fill="{SAND}"/><rect x="197" y="176" width="86" height="140" rx="8" fill="{TEAL}"/><rect x="282" y="252" width="86" height="64" rx="8" fill="{BRICK}"/>'
        f'<path d="M240 176V72" stroke="#6d4a35" stroke-width="8" stroke-linecap="round"/><path fill="{AMBER}" d="M244 76q28-16 50 0t46 0v50q-24 16-46 0t-50 0z"/>'
    )
    return hills(14).replace(f'<circle cx="338" cy="120" r="44" fill="{AMBER}"/>', "") + steps


def lost():
    """404: a walker, a fork, and fog."""
    fog = "".join(
        f'<rect x="{x}" y="{y}" width="{w}" height="18" rx="9" fill="{PAPER}" opacity="{o}"/>'
        for x, y, w, o in (
            (70, 196, 190, 0.9),
            (200, 226, 216, 0.85),
            (52, 262, 150, 0.8),
            (286, 166, 130, 0.8),
        )
    )
    path = f'<g clip-path="url(#disc)"><path fill="{SAND}" d="M214 360q10-60 26-84t-46-58h22q40 22 42 40q6-22 52-40h24q-62 30-58 62t18 80z"/></g>'
    return (
        hills(30, ("#b4dcda", "#7dbfbe", "#4fa3a3"), 214)
        + path
        + person(236, 330, BRICK, size=1.25, bag=AMBER)
        + fog
    )


def gate():
    """403: a garden gate that is closed, kindly."""
    bars = "".join(
        f'<path d="M{x} 312V{y}" stroke="{TEAL}" stroke-width="9" stroke-linecap="round"/>'
        for x, y in ((184, 190), (212, 172), (240, 166), (268, 172), (296, 190))
    )
    return (
        hills(4)
        + f'<rect x="132" y="150" width="36" height="166" rx="6" fill="{SAND}"/><rect x="312" y="150" width="36" height="166" rx="6" fill="{SAND}"/><rect x="124" y="138" width="52" height="18" rx="6" fill="{BRICK}"/><rect x="304" y="138" width="52" height="18" rx="6" fill="{BRICK}"/>{bars}'
        + f'<path d="M172 236H308M172 292H308" stroke="{TEAL}" stroke-width="9"/><circle cx="240" cy="258" r="22" fill="{AMBER}"/><path d="M240 252a6 6 0 0 1 3 11v8h-6v-8a6 6 0 0 1 3-11z" fill="{DEEP}"/>'
    )


def rest():
    """429: a bench and a flask: take a breath."""
    return (
        hills(17)
        + '<rect x="118" y="236" width="216" height="18" rx="9" fill="#8a5f44"/><rect x="118" y="196" width="216" height="16" rx="8" fill="#8a5f44"/><path d="M146 200v112M306 200v112" stroke="#6d4a35" stroke-width="10" stroke-linecap="round"/>'
        + f'<rect x="352" y="244" width="40" height="72" rx="10" fill="{TEAL}"/><rect x="358" y="226" width="28" height="22" rx="6" fill="{AMBER}"/><path d="M372 214q-10-12 0-22t0-22" stroke="{PAPER}" stroke-width="5" fill="none" stroke-linecap="round"/>'
        + f'<g transform="translate(226 236)"><path d="M-10-4h54v66" stroke="{DEEP}" stroke-width="13" stroke-linecap="round" stroke-linejoin="round" fill="none"/><path fill="{BRICK}" d="M-24 2q-4-66 14-66t20 66z"/><circle cx="-6" cy="-78" r="14" fill="#e3b38b"/><path fill="#43302b" d="M-20-78a14 14 0 0 1 28 0q-6-7-14-7t-14 7z"/></g>'
    )


def storm():
    """500: a tent that the wind has folded."""
    wind = f'<path d="M92 128h150q26 0 26-20t-22-20t-20 16M112 164h216q30 0 30 22t-24 22t-22-16M84 200h110" stroke="{MID}" stroke-width="9" stroke-linecap="round" fill="none"/>'
    cloth = f'<path fill="{TEAL}" d="M108 314q24-66 70-52t58-26t58 30t86 48z"/><path fill="{DEEP}" d="M294 266q30-2 86 48H300q12-22-6-48z"/><path d="M212 258l46-92M258 166l18 10" stroke="#6d4a35" stroke-width="8" stroke-linecap="round"/><path fill="{AMBER}" d="M180 314q14-32 44-36q18 12 22 36z"/>'
    return (
        hills(40, ("#b4dcda", "#8fc7c6"), 262).replace(
            f'<circle cx="338" cy="120" r="44" fill="{AMBER}"/>', ""
        )
        + wind
        + cloth
    )


SCENES = {
    "empty-ideas": ideas,
    "empty-events": events,
    "empty-notices": notices,
    "empty-search": search,
    "empty-board": board,
    "error-404": lost,
    "error-403": gate,
    "error-429": rest,
    "error-500": storm,
}


def main():
    pictures = {"square": square(), **{name: scene(draw) for name, draw in SCENES.items()}}
    for name, (width, height, body) in pictures.items():
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        (OUT / f"{name}.svg").write_text(f"{head}{body}</svg>\n")


if __name__ == "__main__":
    main()
