"""A stored file as an answer: parts of it, not again what the browser has, or by the proxy."""

import mimetypes
import re
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.utils.encoding import iri_to_uri
from django.utils.http import content_disposition_header, http_date

from portal.ui.files import Access

RANGE = re.compile(r"^bytes=(\d{0,15})-(\d{0,15})$")
BLOCK = 512 * 1024
# Members' files never run: not as a page, not as a script.
LOCKED_DOWN = "default-src 'none'; media-src 'self'; img-src 'self'; style-src 'none'; sandbox"
CACHED = {
    Access.PRIVATE: "private, no-store",
    # Short, as what it shows may be taken back.
    Access.PUBLIC: "public, max-age=3600",
    Access.LASTING: "public, max-age=604800",
}


def send_file(
    request: HttpRequest, name: str, access: Access, *, saved_as: str = "", kind: str = ""
) -> HttpResponse | FileResponse:
    """Answer with the file `name` of the media, for whoever has `access`; 404 without.

    `saved_as` makes it a download of that name. `kind` is its media type, else read off its name.
    """
    changed_at = _changed_at(name) if access is not Access.NONE else None
    if changed_at is None:
        raise Http404
    kind = kind or mimetypes.guess_type(name)[0] or "application/octet-stream"
    response = _unchanged(request, changed_at, access) or _answer(request, name, kind)
    response["Last-Modified"] = http_date(changed_at.timestamp())
    response["Cache-Control"] = CACHED[access]
    response["Content-Security-Policy"] = LOCKED_DOWN
    response["X-Content-Type-Options"] = "nosniff"
    if saved_as:
        response["Content-Disposition"] = str(content_disposition_header(True, saved_as))
    return response


def _changed_at(name: str) -> datetime | None:
    """When the file was written; None where there is none."""
    try:
        return default_storage.get_modified_time(name) if _is_file(name) else None
    except (OSError, ValueError, SuspiciousFileOperation):
        return None


def _is_file(name: str) -> bool:
    try:
        return Path(default_storage.path(name)).is_file()
    except NotImplementedError:
        return default_storage.exists(name)


def _unchanged(request: HttpRequest, changed_at: datetime, access: Access) -> HttpResponse | None:
    """304 where the browser has it; never for what nobody may keep."""
    if access is Access.PRIVATE:
        return None
    seconds = int(changed_at.timestamp())
    return get_conditional_response(request, last_modified=seconds)


def _answer(request: HttpRequest, name: str, kind: str) -> HttpResponse | FileResponse:
    prefix = settings.FILES_ACCEL_PREFIX
    if prefix:
        headers = {"X-Accel-Redirect": iri_to_uri(f"{prefix.rstrip('/')}/{name}")}
        return HttpResponse(content_type=kind, headers=headers)
    wanted = RANGE.match(request.headers.get("Range", ""))
    if wanted and any(wanted.groups()):
        return _part(name, kind, *wanted.groups())
    whole = FileResponse(default_storage.open(name), content_type=kind)
    whole["Accept-Ranges"] = "bytes"
    return whole


def _part(name: str, kind: str, start: str, end: str) -> HttpResponse:
    size = default_storage.size(name)
    first, last = _bounds(start, end, size)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    with default_storage.open(name) as source:
        source.seek(first)
        body = source.read(last - first + 1)
    headers = {"Content-Range": f"bytes {first}-{last}/{size}", "Accept-Ranges": "bytes"}
    return HttpResponse(body, status=206, content_type=kind, headers=headers)


def _bounds(start: str, end: str, size: int) -> tuple[int, int]:
    """First and last byte, at most one block long; an open end lets the player ask again."""
    if not start:
        return max(0, size - int(end)), size - 1
    first = int(start)
    last = min(int(end) if end else first + BLOCK - 1, size - 1)
    return first, min(last, first + 4 * BLOCK - 1)
