"""Drawings that depend on data: badges by shape and tier, grounds for initials."""

from zlib import crc32

from django.utils.translation import get_language

HUES = 8

# Outlines in a square of 64, the face drawn smaller inside the rim.
SHAPES = {
    "circle": "M32 2a30 30 0 1 1 0 60a30 30 0 1 1 0-60z",
    "shield": "M32 2c7 5 16 7 25 7c1.500 0 2 .8 2 2v20c0 15-11 25.500-27 31C16 56.500 5 46 5 31V11"
    "c0-1.200.500-2 2-2C16 9 25 7 32 2z",
    "hexagon": "M28.500 2.900a7 7 0 0 1 7 0l20 11.500a7 7 0 0 1 3.500 6.100v23a7 7 0 0 1-3.500"
    " 6.100l-20 11.500a7 7 0 0 1-7 0l-20-11.500A7 7 0 0 1 5 43.500v-23a7 7 0 0 1 3.500-6.100z",
    "drop": "M32 1.500c3 0 4.500 2.500 6.500 5.500C44 15 57 25 57 38.500C57 52 46 62.500 32 62.500"
    "S7 52 7 38.500C7 25 20 15 25.500 7C27.500 4 29 1.500 32 1.500z",
}
TIERS = ("bronze", "silver", "gold")
COLOURS = ("teal", "amber", "moss", "brick", "plum", "sky", "slate", "rose")


def hue_of(handle: str) -> int:
    """Return the ground (0 to 7) of a member's initials; the same one everywhere."""
    return crc32(handle.encode()) % HUES


def initials_of(name: str) -> str:
    """Return up to two capitals; the Turkish i keeps its dot on Turkish pages."""
    words = name.split()
    picked = [words[0], words[-1]] if len(words) > 1 else words
    dotted = (get_language() or "").startswith("tr")
    return "".join("İ" if dotted and word[0] == "i" else word[0].upper() for word in picked)


def badge_layers(shape: str) -> dict:
    """Return what the badge template draws; a shape that is unknown becomes a circle."""
    return {
        "path": SHAPES.get(shape, SHAPES["circle"]),
        "top": {"drop": 25, "shield": 18}.get(shape, 20),
    }
