"""Uploaded files on the embedded default: `Range` requests, so that videos can seek."""

import mimetypes
import re
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils._os import safe_join
from django.utils.http import http_date

RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")
BLOCK = 512 * 1024
# Members' files never run: not as a page, not as a script.
LOCKED_DOWN = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'none'; sandbox"


def serve(request: HttpRequest, path: str) -> HttpResponse | FileResponse:
    try:
        file = Path(safe_join(settings.MEDIA_ROOT, path))
    except SuspiciousFileOperation as error:
        raise Http404 from error
    if not file.is_file():
        raise Http404
    response = _answer(request, file)
    response["Last-Modified"] = http_date(file.stat().st_mtime)
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = "public, max-age=604800"
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _answer(request: HttpRequest, file: Path) -> HttpResponse | FileResponse:
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    size = file.stat().st_size
    wanted = RANGE.match(request.headers.get("Range", ""))
    if not wanted or not any(wanted.groups()):
        return FileResponse(file.open("rb"), content_type=kind)
    start, end = wanted.groups()
    first, last = _bounds(start, end, size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with file.open("rb") as source:
        source.seek(first)
        body = source.read(last - first + 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{size}"}
    return HttpResponse(body, status=206, content_type=kind, headers=headers)


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """First and last byte, at most one block long; an open end lets the player ask again."""
    if not start:
        return max(0, size - int(end)), size - 1
    first = int(start)
    last = min(int(end) if end else first + BLOCK - 1, size - 1)
    return first, min(last, first + 4 * BLOCK - 1)
