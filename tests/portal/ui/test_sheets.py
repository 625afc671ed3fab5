import io
from decimal import Decimal

from django.utils import translation
from openpyxl import load_workbook

from portal.ui.sheets import to_csv, to_xlsx

TABLE = [["=1+1", -5, Decimal("1.50"), "-5", True, ""]]


def test_numbers_stay_numbers_in_a_workbook_and_texts_are_defused():
    book = load_workbook(io.BytesIO(to_xlsx(TABLE, title="A/B")))

    row = next(book.active.iter_rows(values_only=True))
    assert row == ("'=1+1", -5, 1.5, "'-5", "True", None)


def test_numbers_in_csv_are_written_as_the_language_writes_them():
    assert to_csv(TABLE).decode("utf-8-sig") == "'=1+1,-5,1.50,'-5,True,\r\n"
    with translation.override("tr"):
        assert to_csv(TABLE).decode("utf-8-sig") == "'=1+1;-5;1,50;'-5;True;\r\n"
