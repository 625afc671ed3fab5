"""Contrast and shades of the brand's colours, as WCAG 2.2 defines contrast."""

WHITE = (255, 255, 255)
NIGHT = (13, 18, 22)
TEXT_CONTRAST = 4.5


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def hex_of(channels: tuple[float, ...]) -> str:
    return "#" + "".join(f"{round(channel):02x}" for channel in channels)


def luminance(channels: tuple[float, ...]) -> float:
    """Relative luminance (WCAG 2.2, definition), from 0 to 1."""
    shares = [channel / 255 for channel in channels]
    linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mix(colour: tuple[float, ...], other: tuple[float, ...], share: float) -> tuple[float, ...]:
    return tuple(a + (b - a) * share for a, b in zip(colour, other, strict=True))


def is_legible(colour: str, use: str) -> bool:
    """True when white text stands out on a primary colour, or dark ink on an accent."""
    ground = rgb(colour)
    return contrast(ground, WHITE if use == "primary" else NIGHT) >= TEXT_CONTRAST


def lightened_until_legible(colour: str) -> tuple[float, ...]:
    """The colour for the dark theme: mixed with white until it stands out on the night ground."""
    shade = rgb(colour)
    for step in range(21):
        mixed = mix(shade, WHITE, step / 20)
        if contrast(mixed, NIGHT) >= TEXT_CONTRAST:
            return mixed
    return WHITE
