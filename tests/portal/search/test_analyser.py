import threading

import pytest

from portal.search.analyser import analyse, index_text, words


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("Kitaplarımız", ("kitaplarimiz", "kitap", "kitaplarim")),
        ("IŞIKLAR", ("isiklar", "isik")),
        ("İzmir'de", ("izmir",)),
        ("recipes", ("recipes", "recip")),
        ("ve", ("ve",)),
        ("x" * 100, ("x" * 64,)),
    ],
)
def test_analyse_gives_the_word_and_its_stems(word, forms):
    assert analyse(word)[0] == forms[0]
    assert set(forms[1:2]) <= set(analyse(word)[1:])


def test_index_text_puts_the_words_before_the_stems():
    assert index_text("Kitaplarımız & IŞIKLAR", ("tr",)) == "kitaplarimiz isiklar kitap isik"


def test_index_text_of_signs_is_empty():
    assert index_text('"\0 & _ \ud800') == ""


def test_words_are_bounded():
    assert words("a b c d", most=2) == ["a", "b"]


def test_analyse_gives_the_same_in_many_threads():
    sample = [f"kitaplarımız{ending}" for ending in ("dan", "da", "ın", "a", "la")] * 40
    expected = [analyse.__wrapped__(word) for word in sample]
    results = []

    def work():
        results.append([analyse.__wrapped__(word) for word in sample])

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert results == [expected] * 4
