import io
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from portal.accounts.models import Member

UPLOAD = "/settings/picture/"


def encoded(format="PNG", size=(800, 400), **more):
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format, **more)
    return out.getvalue()


def png_header(width, height):
    """A PNG that claims to be huge and holds next to nothing."""

    def chunk(kind, data):
        checksum = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + body + chunk(b"IEND", b"")


def stored():
    avatar = Member.objects.get().avatar
    with avatar.storage.open(avatar.name) as file:
        return file.read()


def kept():
    return Image.open(io.BytesIO(stored()))


def upload(client, content, name="me.png", kind="image/png"):
    return client.post(UPLOAD, {"picture": SimpleUploadedFile(name, content, kind)})


@pytest.mark.parametrize("format", ["PNG", "JPEG", "WEBP", "GIF"])
def test_picture_becomes_a_small_square_webp_under_a_random_name(member_client, format):
    response = upload(member_client, encoded(format), "../../me.php")

    assert response.headers["Location"] == "/settings/profile/"
    avatar = Member.objects.get().avatar
    with kept() as picture:
        assert (picture.format, picture.size) == ("WEBP", (320, 320))
    assert avatar.name.startswith("avatars/")
    assert "me" not in avatar.name.removeprefix("avatars/").split(".")
    assert len(avatar.name) > 24


def test_picture_loses_its_metadata_and_stands_upright(member_client):
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010E] = "at home, 41.0082 28.9784"
    source = Image.new("RGB", (400, 400), "white")
    source.paste("black", (0, 0, 400, 200))
    out = io.BytesIO()
    source.save(out, "JPEG", exif=exif)

    upload(member_client, out.getvalue())

    with kept() as picture:
        assert dict(picture.getexif()) == {}
        assert picture.getpixel((300, 160))[0] < 40
        assert picture.getpixel((20, 160))[0] > 215
    assert b"41.0082" not in stored()


def test_transparent_picture_gets_a_white_ground(member_client):
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")

    upload(member_client, out.getvalue())

    with kept() as picture:
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_new_picture_takes_the_place_of_the_old_one_whose_file_goes(member_client):
    upload(member_client, encoded())
    old = Member.objects.get().avatar

    upload(member_client, encoded())
    new = Member.objects.get().avatar
    assert (old.storage.exists(old.name), new.storage.exists(new.name)) == (False, True)
    member_client.post("/settings/picture/remove/")

    assert Member.objects.get().avatar.name == ""
    assert not new.storage.exists(new.name)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "This file is empty. Please choose another picture."),
        (b"\0" * (5 * 1024 * 1024 + 1), "This picture is larger than 5 MB."),
        (png_header(5000, 4001), "This picture has more than 20 million pixels."),
        (png_header(60_000, 60_000), "This picture has more than 20 million pixels."),
        (png_header(0, 10), "We cannot read this file as a picture."),
        (encoded()[:60], "We cannot read this file as a picture."),
        (encoded("BMP"), "We cannot read this file as a picture."),
        (encoded("TIFF"), "We cannot read this file as a picture."),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "We cannot read this file as a picture."),
        (b"GIF89a<script>alert(1)</script>", "We cannot read this file as a picture."),
    ],
)
def test_hostile_upload_is_refused_in_words_and_changes_nothing(member_client, content, message):
    response = upload(member_client, content)

    (error,) = response.context["picture_form"].errors["picture"]
    assert response.status_code == 422
    assert error.startswith(message)
    assert Member.objects.get().avatar.name == ""


def test_upload_without_a_file_says_so(member_client):
    response = member_client.post(UPLOAD, {})

    assert response.context["picture_form"].errors["picture"] == ["This field is required."]
