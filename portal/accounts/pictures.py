"""Members' pictures: whatever comes in, a small square WebP without metadata goes out."""

import io
import secrets
import struct
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError, features

from portal.accounts.models import Member
from portal.ui.files import Access

BYTES_LIMIT = 5 * 1024 * 1024
PIXELS_LIMIT = 20_000_000
SIDE = 320
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", *(["AVIF"] if features.check("avif") else []))
# What Pillow and its codecs raise at files that are broken, cut off or made to hurt.
UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    OverflowError,
    MemoryError,
    NotImplementedError,
    ZeroDivisionError,
    struct.error,
)
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning)


def square_picture(upload: UploadedFile) -> ContentFile:
    """Re-encode an upload: upright, cropped to a square, 320 pixels, WebP, a random name.

    Raises ValidationError, in words, for files that are empty, too large in bytes or pixels, or
    not a picture that we know. The size is read from the header, before anything is decoded.
    """
    if not upload.size:
        raise ValidationError(_("This file is empty. Please choose another picture."))
    if upload.size > BYTES_LIMIT:
        raise ValidationError(_("This picture is larger than 5 MB. Please choose a smaller one."))
    upload.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            small = _shrink(upload)
        except BOMBS as error:
            raise _too_many_pixels() from error
        except UNREADABLE as error:
            raise ValidationError(
                _("We cannot read this file as a picture. Please use a JPEG, PNG, WebP or GIF.")
            ) from error
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=4)
    return ContentFile(out.getvalue(), name=f"{secrets.token_urlsafe(16)}.webp")


def access(name: str, request: HttpRequest) -> Access:
    """Faces stand beside what members say in public, under names that nobody can guess."""
    is_shown = Member.objects.filter(avatar=name, closed_at=None).exists()
    return Access.PUBLIC if is_shown else Access.NONE


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("This picture has more than 20 million pixels. Please choose a smaller one.")
    )


def _shrink(upload: UploadedFile) -> Image.Image:
    with Image.open(upload, formats=FORMATS) as picture:
        if picture.width * picture.height > PIXELS_LIMIT:
            raise _too_many_pixels()
        picture.draft("RGB", (SIDE * 2, SIDE * 2))
        picture.load()
        upright = ImageOps.exif_transpose(picture).convert("RGBA")
    square = ImageOps.fit(upright, (SIDE, SIDE), Image.Resampling.LANCZOS)
    ground = Image.new("RGB", square.size, "white")
    ground.paste(square, mask=square.getchannel("A"))
    return ground
