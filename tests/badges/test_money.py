from decimal import Decimal

import pytest
from django.utils import translation

from badges.program.loading import check, to_document
from badges.program.money import cost_of, money_text, rounded, sums_text, worth_text
from badges.program.problems import ProgramError
from badges.program.schema import EMPTY_PROGRAM, Worth


def document(worth, code="points"):
    currencies = {**EMPTY_PROGRAM["currencies"]}
    currencies[code] = {**currencies[code], "worth": worth}
    return {**EMPTY_PROGRAM, "currencies": currencies}


def checked(worth):
    return check(document(worth), is_known_verb=lambda verb: True)


def lira(amount):
    return {"amount": amount, "currency": "TRY"}


def test_cost_is_exact_and_leaves_out_what_has_no_worth():
    program = checked(lira("0.005"))

    assert cost_of([("points", 3), ("points", 2), ("experience", 9)], program) == {
        "TRY": Decimal("0.025")
    }
    assert cost_of([("experience", 9), ("gone", 1)], program) == {}


@pytest.mark.parametrize(
    ("amount", "code", "english", "turkish"),
    [
        ("1240.5", "TRY", "1,240.50 ₺", "1.240,50 ₺"),
        ("0.025", "TRY", "0.02 ₺", "0,02 ₺"),
        ("-3", "EUR", "-3.00 €", "-3,00 €"),
        ("99.5", "JPY", "100 JPY", "100 JPY"),
    ],
)
def test_money_is_written_as_the_language_writes_numbers(amount, code, english, turkish):
    with translation.override("en"):
        assert money_text(Decimal(amount), code) == english
    with translation.override("tr"):
        assert money_text(Decimal(amount), code) == turkish


def test_halves_are_rounded_to_the_even_coin():
    assert [rounded(Decimal(text), "TRY") for text in ("0.015", "0.025")] == [
        Decimal("0.02"),
        Decimal("0.02"),
    ]


def test_several_moneys_are_named_one_by_one():
    assert sums_text({"TRY": Decimal(1), "EUR": Decimal(2)}) == "2.00 € + 1.00 ₺"


def test_worth_shows_every_digit_that_was_given():
    assert worth_text(Worth(amount="0.005", currency="TRY")) == "0.005 ₺"
    assert worth_text(Worth(amount="1", currency="TRY")) == "1.00 ₺"


@pytest.mark.parametrize(
    "worth", [lira(0.01), lira("0"), lira("-1"), lira("1e3"), lira("01"), {"amount": "1"}]
)
def test_worth_that_is_no_exact_amount_is_refused_with_its_place(worth):
    with pytest.raises(ProgramError, match=r"currencies\.points\.worth"):
        checked(worth)


def test_worth_is_kept_in_the_document_and_a_programme_without_one_stays_as_it_was():
    plain = check(EMPTY_PROGRAM, is_known_verb=lambda verb: True)

    assert to_document(checked(lira("0.010")))["currencies"]["points"]["worth"] == lira("0.010")
    assert "worth" not in to_document(plain)["currencies"]["points"]
