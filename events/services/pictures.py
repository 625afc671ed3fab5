"""Members' pictures: read once, bounded, and written anew without what came with them."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
LEAST_SIDE = 200
LARGE, SMALL = 1_600, 640
QUALITY = 82


def clean_picture(upload: File) -> tuple[ContentFile, ContentFile]:
    """Return the upload as two WebP files, at most 1,600 and 640 pixels on the longer side.

    Place, camera and everything else that a photo carries is left behind. The size is read from
    the header before a pixel is decoded. Raises ValidationError in words.
    """
    if upload.size > MOST_BYTES:
        raise ValidationError(_("The picture is larger than 10 MB. Send a smaller one."))
    image = _read(upload)
    return _written(image, LARGE), _written(image, SMALL)


def _read(upload: File) -> Image.Image:
    try:
        upload.seek(0)
        image = Image.open(upload, formats=FORMATS)
        _check(*image.size)
        image.draft("RGB", (LARGE, LARGE))
        return ImageOps.exif_transpose(image).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError) as error:
        raise ValidationError(
            _("We cannot read this picture. Send it as JPEG, PNG or WebP.")
        ) from error
    except Image.DecompressionBombError as error:
        raise ValidationError(_("The picture has too many pixels.")) from error


def _check(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise ValidationError(_("The picture has too many pixels."))
    if min(width, height) < LEAST_SIDE:
        raise ValidationError(_("The picture is too small: at least 200 pixels on each side."))


def _written(image: Image.Image, side: int) -> ContentFile:
    smaller = image.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    stream = BytesIO()
    smaller.save(stream, "WEBP", quality=QUALITY, method=4)
    return ContentFile(stream.getvalue(), name="picture.webp")
