"""A badge as a file: for mails, shared pages and credentials, where no page can draw it."""

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image

from badges.program.schema import Badge
from portal.resilience.reading import best_effort
from portal.ui.drawing import Layer, badge_drawing, digest_of, paint, png_bytes

SIZES = (64, 128, 256, 512)
FOLDER = "badge-pictures"


def badge_image(badge: Badge, *, size: int) -> Image.Image:
    """The badge, painted from its picture and tier on a clear ground."""
    return paint(_layers(badge), size)


def badge_png(badge: Badge, *, size: int) -> bytes:
    """The badge as a PNG file of one of the `SIZES`: painted once, then kept among the media."""
    name, painted = _kept(badge, size)
    if painted is not None:
        return painted
    with default_storage.open(name) as file:
        return file.read()


def badge_picture_url(badge: Badge, *, size: int) -> str:
    """The whole address of a badge's PNG; it changes with the picture and never otherwise."""
    name, _painted = _kept(badge, size)
    url = default_storage.url(name)
    return f"{settings.PUBLIC_URL}{url}" if url.startswith("/") else url


def _kept(badge: Badge, size: int) -> tuple[str, bytes | None]:
    """The name of the file, which is made where it is missing and there is room, and then it."""
    if size not in SIZES:
        raise ValueError(f"Badges are painted {SIZES} pixels wide, not {size}.")
    layers = _layers(badge)
    name = f"{FOLDER}/{digest_of(layers, size)}.png"
    if default_storage.exists(name):
        return name, None
    painted = png_bytes(paint(layers, size))
    with best_effort("badge picture"):
        _store(name, painted)
    return name, painted


def _store(name: str, data: bytes) -> None:
    """Two requests may paint the same file; the later one's copy is dropped."""
    saved = default_storage.save(name, ContentFile(data))
    if saved != name:
        default_storage.delete(saved)


def _layers(badge: Badge) -> list[Layer]:
    look = badge.picture
    return badge_drawing(shape=look.shape, tier=badge.tier, icon=look.icon, colour=look.colour)
