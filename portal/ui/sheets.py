"""Tables as files that spreadsheet programs open rightly, and that cannot run anything there."""

import csv
import io
import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

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
    is_turkish = (get_language() or "").startswith("tr")
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=";" if is_turkish else ",")
    point = "," if is_turkish else "."
    writer.writerows([_plain(cell, point) for cell in row] for row in table)
    return (BOM + buffer.getvalue()).encode()


def to_xlsx(table: Table, *, title: str) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip() or "1")
    for row in table:
        sheet.append([_cell(sheet, value) for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def is_number(value: object) -> bool:
    """Whole and decimal numbers stay numbers, so that a spreadsheet can add them up."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _plain(value: object, point: str) -> str:
    return f"{value}".replace(".", point) if is_number(value) else defused(value)


def _cell(sheet: Any, value: Any) -> WriteOnlyCell:
    if is_number(value):
        return WriteOnlyCell(sheet, value=value)
    cell = WriteOnlyCell(sheet, value=defused(value))
    cell.data_type = "s"
    return cell


def defused(text: object) -> str:
    """Text that a spreadsheet program shows and never runs."""
    plain = UNPRINTABLE.sub("", str(text))[:CELL_LENGTH]
    return f"'{plain}" if plain.lstrip().startswith(FORMULA) or plain[:1] in FORMULA else plain
