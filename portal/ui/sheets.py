"""Tables as files that spreadsheet programs open rightly, and that cannot run anything there."""

import csv
import io
import re
from collections.abc import Iterable

from django.utils.translation import get_language
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
CELL_LENGTH = 32_000
BOM = "\ufeff"
Table = Iterable[Iterable[object]]


def to_csv(table: Table) -> bytes:
    """UTF-8 with a byte order mark; semicolons in Turkish, whose spreadsheets expect them."""
    delimiter = ";" if (get_language() or "").startswith("tr") else ","
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([defused(cell) for cell in row] for row in table)
    return (BOM + buffer.getvalue()).encode()


def to_xlsx(table: Table, *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "1")
    for row in table:
        cells = [WriteOnlyCell(sheet, value=defused(value)) for value in row]
        for cell in cells:
            cell.data_type = "s"
        sheet.append(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def defused(text: object) -> str:
    """Text that a spreadsheet program shows and never runs."""
    plain = UNPRINTABLE.sub("", str(text))[:CELL_LENGTH]
    return f"'{plain}" if plain.lstrip().startswith(FORMULA) or plain[:1] in FORMULA else plain
