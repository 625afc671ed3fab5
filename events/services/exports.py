"""Lists for spreadsheet programs: they open rightly in English and Turkish, and run nothing."""

import csv
from collections.abc import Iterable, Sequence
from io import BytesIO, StringIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from events.models import Occasion, Registration

BOM = "\ufeff"
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")
Row = Sequence[object]


def registration_rows(*, occasion: Occasion) -> list[Row]:
    """The head and one row a registration, with times by the event's own clock."""
    head = [_("Name"), _("Handle"), _("Email"), _("State"), _("Registered"), _("Attended")]
    rows = Registration.objects.for_export(occasion)
    return [head, *(_row(registration, occasion) for registration in rows)]


def as_csv(rows: Iterable[Row]) -> bytes:
    """CSV with a byte order mark, and the separator that the reader's program expects."""
    stream = StringIO()
    separator = ";" if (get_language() or "").startswith("tr") else ","
    writer = csv.writer(stream, delimiter=separator)
    writer.writerows([defused(value) for value in row] for row in rows)
    return (BOM + stream.getvalue()).encode()


def as_xlsx(rows: Iterable[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Registrations")[:31])
    for row in rows:
        sheet.append([defused(value) for value in row])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def defused(value: object) -> str:
    """The value as text that no spreadsheet program takes for a formula."""
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    return f"'{text}" if text.startswith(RISKY) else text


def _row(registration: Registration, occasion: Occasion) -> Row:
    member = registration.member
    return [
        member.display_name,
        member.handle,
        member.email or "",
        registration.get_state_display(),
        _clock(registration.registered_at, occasion),
        _clock(registration.attended_at, occasion),
    ]


def _clock(moment, occasion: Occasion) -> str:
    return moment.astimezone(occasion.zone).strftime("%Y-%m-%d %H:%M") if moment else ""
