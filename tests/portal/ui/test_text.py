import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from portal.ui.text import excerpt, fold, slugify, sort_key, tr_lower


@pytest.mark.parametrize(
    "spellings",
    [
        ["ISPARTA", "Isparta", "ısparta", "isparta", "İSPARTA"],
        ["İSTANBUL", "İstanbul", "istanbul", "ISTANBUL", "I\u0307stanbul"],
        ["ÇALIŞMA", "çalışma", "calisma", "CALISMA", "C\u0327alışma"],
        ["Ğ", "ğ", "g", "G"],
        ["STRASSE", "straße"],
        ["ﬁkir", "FİKİR", "fikir"],
    ],
)
def test_fold_brings_every_spelling_to_one_form(spellings):
    assert {fold(spelling) for spelling in spellings} == {fold(spellings[0])}


def test_fold_of_turkish_letters_is_ascii():
    assert fold("Şişli'de ÇİĞ köfte, Ağrı") == "sisli'de cig kofte, agri"


@given(st.text())
def test_fold_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "lowered"),
    [("IŞIK", "ışık"), ("İSTANBUL", "istanbul"), ("I\u0307", "ı\u0307"), ("WIFI", "wıfı")],
)
def test_tr_lower_keeps_the_two_letters_apart(text, lowered):
    assert tr_lower(text) == lowered


def test_tr_lower_of_dotted_capital_is_one_letter():
    assert len(tr_lower("İ")) == 1


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Kırmızı Işık", "kirmizi-isik"),
        ("Işık İstanbul Ağrı", "isik-istanbul-agri"),
        ("  Çöp & geri dönüşüm!  ", "cop-geri-donusum"),
        ("Москва", "moskva"),
        ("", ""),
        ("!!!", ""),
    ],
)
def test_slugify_reads_like_the_title(text, slug):
    assert slugify(text) == slug


def test_slugify_falls_back_where_nothing_is_left():
    assert slugify("…", fallback="idea") == "idea"


def test_slugify_ends_long_ones_on_a_whole_word():
    assert slugify("bir iki üç dört", max_length=9) == "bir-iki"
    assert slugify("bir iki üç dört", max_length=10) == "bir-iki-uc"
    assert slugify("a" * 99, max_length=10) == "a" * 10


def test_sort_key_follows_the_turkish_alphabet():
    words = [
        "üzüm",
        "uzun",
        "şeker",
        "su",
        "öğle",
        "orman",
        "iğde",
        "ırmak",
        "Ğ",
        "gül",
        "çam",
        "can",
    ]
    with override("tr"):
        assert sorted(words, key=sort_key) == words[::-1]


def test_sort_key_puts_english_letters_in_their_places():
    words = ["yes", "van", "rope", "apple", "x-ray", "quiz", "water"]
    ordered = ["apple", "quiz", "rope", "van", "water", "x-ray", "yes"]
    assert sorted(words, key=sort_key) == ordered


def test_sort_key_reads_capital_i_by_language():
    words = ["iğde", "Irmak", "hava"]
    with override("tr"):
        assert sorted(words, key=sort_key) == ["hava", "Irmak", "iğde"]
    with override("en"):
        assert sorted(["Irma", "ice", "iris"], key=sort_key) == ["ice", "iris", "Irma"]


def test_sort_key_counts_foreign_accents_as_their_letter():
    assert sorted(["zoo", "élan", "eager", "frog"], key=sort_key) == [
        "eager",
        "élan",
        "frog",
        "zoo",
    ]


@pytest.mark.parametrize(
    ("length", "expected"),
    [
        (100, "One two three, four"),
        (19, "One two three, four"),
        (18, "One two three…"),
        (14, "One two three…"),
        (9, "One two…"),
    ],
)
def test_excerpt_ends_on_a_whole_word(length, expected):
    assert excerpt("One  two\nthree, four", length) == expected
    assert len(expected) <= length


def test_excerpt_cuts_a_word_that_fills_it():
    assert excerpt("x" * 50, 10) == "x" * 9 + "…"
