"""The canvas of the pictures that go with shared links."""

from PIL import Image

# What the networks ask for: https://ogp.me and the 1.91:1 that they crop to.
WIDTH, HEIGHT = 1200, 630
PAPER, INK, SOFT = "#fcf9f5", "#162129", "#4d5a63"
PRIMARY = "#035e63"


def blank_card() -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), PAPER)
