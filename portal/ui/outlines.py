"""SVG path data as lines, so that what the pages draw as SVG can be painted into a picture too."""

import math
import re
from bisect import bisect
from collections.abc import Iterator
from itertools import accumulate, pairwise

Point = tuple[float, float]
Line = list[Point]

NUMBER = re.compile(r"[\s,]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
FLAG = re.compile(r"[\s,]*([01])")
COMMAND = re.compile(r"[\s,]*([A-Za-z])")
# How many numbers each command takes; an arc's fourth and fifth are flags, which may be glued.
LENGTHS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "A": 7, "Z": 0}
CURVE_STEPS = 24
ARC_DEGREES = 3


def lines_of(data: str) -> list[tuple[Line, bool]]:
    """The lines of a path (`d`) and whether each is closed; curves become short straight pieces.

    Raises ValueError at commands that our pictures do not use (quadratic curves).
    """
    pen = _Pen()
    for command, numbers in _commands(data):
        pen.move(command, numbers)
    return pen.finished()


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    place, command = 0, ""
    while place < len(data.rstrip()):
        if found := COMMAND.match(data, place):
            command, place = found[1], found.end()
            if command.upper() not in LENGTHS:
                raise ValueError(f"{command} is not drawn here: {data[:60]}")
        numbers, place = _numbers(data, place, command.upper())
        yield command, numbers
        # Further pairs after a move are lines.
        command = {"M": "L", "m": "l"}.get(command, command)


def _numbers(data: str, place: int, command: str) -> tuple[list[float], int]:
    numbers = []
    for index in range(LENGTHS[command]):
        is_flag = command == "A" and index in (3, 4)
        found = (FLAG if is_flag else NUMBER).match(data, place)
        if not found:
            raise ValueError(f"A number is missing at {place}: {data[:60]}")
        numbers.append(float(found[1]))
        place = found.end()
    return numbers, place


class _Pen:
    """Follows the commands and keeps the lines drawn so far."""

    def __init__(self):
        self.lines: list[tuple[Line, bool]] = []
        self.line: Line = []
        self.handle: Point | None = None

    def finished(self) -> list[tuple[Line, bool]]:
        self._end(is_closed=False)
        return self.lines

    def move(self, command: str, numbers: list[float]) -> None:
        kind = command.upper()
        points = self._absolute(kind, numbers, is_relative=command != kind)
        handle = None
        if kind == "Z":
            self._end(is_closed=True)
        elif kind == "M":
            self._end(is_closed=False)
            self.line = [points[-1]]
        elif kind in "CS":
            handle = self._curve(points)
        elif kind == "A":
            self.line += _arc(self.line[-1], numbers[:5], points[-1])
        else:
            self.line.append(points[-1])
        self.handle = handle

    def _absolute(self, kind: str, numbers: list[float], *, is_relative: bool) -> list[Point]:
        x, y = self.line[-1] if self.line else (0.0, 0.0)
        dx, dy = (x, y) if is_relative else (0.0, 0.0)
        if kind == "H":
            return [(dx + numbers[0], y)]
        if kind == "V":
            return [(x, dy + numbers[0])]
        pairs = numbers[5:] if kind == "A" else numbers
        return [(dx + a, dy + b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]

    def _end(self, *, is_closed: bool) -> None:
        """Keep the line; what follows without a move begins where it began."""
        if len(self.line) > 1:
            self.lines.append((self.line, is_closed))
        self.line = self.line[:1]

    def _curve(self, points: list[Point]) -> Point:
        """A cubic curve; the smooth kind mirrors the handle of the curve before."""
        start = self.line[-1]
        if len(points) == 2:
            last = self.handle or start
            points = [(2 * start[0] - last[0], 2 * start[1] - last[1]), *points]
        one, two, end = points
        for step in range(1, CURVE_STEPS + 1):
            t = step / CURVE_STEPS
            shares = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            corners = (start, one, two, end)
            self.line.append(
                (
                    sum(s * c[0] for s, c in zip(shares, corners, strict=True)),
                    sum(s * c[1] for s, c in zip(shares, corners, strict=True)),
                )
            )
        return two


def _arc(start: Point, shape: list[float], end: Point) -> Line:
    """An elliptical arc, by the formulas of SVG 2, appendix B.2.4."""
    rx, ry, turn, is_large, is_sweep = shape
    if start == end or not rx or not ry:
        return [end]
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x, y = cos * half_x + sin * half_y, cos * half_y - sin * half_x
    rx, ry = abs(rx), abs(ry)
    grow = math.sqrt(max(1.0, (x / rx) ** 2 + (y / ry) ** 2))
    rx, ry = rx * grow, ry * grow
    under = (rx * y) ** 2 + (ry * x) ** 2
    size = math.sqrt(max(0.0, (rx * ry) ** 2 - under) / under)
    size = -size if is_large == is_sweep else size
    cx, cy = size * rx * y / ry, -size * ry * x / rx
    first = math.atan2((y - cy) / ry, (x - cx) / rx)
    sweep = math.atan2((-y - cy) / ry, (-x - cx) / rx) - first
    if is_sweep and sweep < 0:
        sweep += 2 * math.pi
    elif not is_sweep and sweep > 0:
        sweep -= 2 * math.pi
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    steps = max(1, math.ceil(abs(math.degrees(sweep)) / ARC_DEGREES))
    points = []
    for step in range(1, steps):
        angle = first + sweep * step / steps
        px, py = cx + rx * math.cos(angle), cy + ry * math.sin(angle)
        points.append((middle[0] + cos * px - sin * py, middle[1] + sin * px + cos * py))
    return [*points, end]


def dashed(line: Line, pattern: list[float], offset: float, total: float | None) -> list[Line]:
    """The drawn pieces of a line under an SVG dash pattern; `total` is the path's `pathLength`."""
    lengths = [math.dist(a, b) for a, b in pairwise(line)]
    unit = sum(lengths) / total if total else 1.0
    edges = list(accumulate(pattern))
    pieces: list[Line] = []
    place = 0.0
    for (start, end), length in zip(pairwise(line), lengths, strict=True):
        # Each straight piece is cut so finely that a dash may begin and end on any cut.
        cuts = max(1, math.ceil(length / (unit / 4)))
        for cut in range(cuts):
            at = (place + length * (cut + 0.5) / cuts) / unit + offset
            # Dash and gap take turns: an even number of edges passed is a dash.
            if bisect(edges, at % edges[-1]) % 2 == 0:
                a, b = _between(start, end, cut / cuts), _between(start, end, (cut + 1) / cuts)
                if pieces and pieces[-1][-1] == a:
                    pieces[-1].append(b)
                else:
                    pieces.append([a, b])
        place += length
    return pieces


def _between(a: Point, b: Point, share: float) -> Point:
    if share == 1:
        return b
    return (a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share)
