"""A credential inside its picture: an iTXt chunk of the PNG, as Open Badges 3.0, section 5.3 says.

The chunks are copied as they are, so baking never changes what is seen.
"""

import json
import struct
import zlib
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KEYWORD = b"openbadgecredential"
# No compression, no language, no translated keyword.
PLAIN = b"\0\0\0\0\0"


def bake(png: bytes, document: dict) -> bytes:
    """The picture with the credential in it, instead of one that it may hold already."""
    text = KEYWORD + PLAIN + json.dumps(document, ensure_ascii=False).encode()
    chunks = [chunk for chunk in _chunks(png) if not _is_baked(*chunk)]
    # After the header, before the pixels, where every reader looks.
    baked = [chunks[0], (b"iTXt", text), *chunks[1:]]
    return SIGNATURE + b"".join(_packed(kind, data) for kind, data in baked)


def unbake(png: bytes) -> dict | None:
    """The credential in a picture; None where there is none. Raises ValueError for other files."""
    for kind, data in _chunks(png):
        if _is_baked(kind, data):
            return json.loads(data[len(KEYWORD) + len(PLAIN) :])
    return None


def _is_baked(kind: bytes, data: bytes) -> bool:
    return kind == b"iTXt" and data.startswith(KEYWORD + b"\0")


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    if not png.startswith(SIGNATURE):
        raise ValueError("This is not a PNG file.")
    place = len(SIGNATURE)
    while place + 8 <= len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        yield kind, png[place + 8 : place + 8 + length]
        place += 12 + length


def _packed(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
