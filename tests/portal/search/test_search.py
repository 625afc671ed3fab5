import pytest
from modelsearch.query import Boost, Fuzzy, Not, Phrase, PlainText
from wagtail.models import Locale, Page

from portal.search.backend import SearchBackend

pytestmark = pytest.mark.django_db

TITLES = [
    "ISPARTA gülleri",
    "Isparta yolu",
    "ısparta halısı",
    "isparta kampı",
    "İSTANBUL boğazı",
    "İstanbul'da bahar",
    "istanbul kart",
    "Kitap",
    "Kitaplarımız",
    "KİTAPLARIMIZ VE BİZ",
    "Kitapçıdan haber",
    "Işık",
    "IŞIKLAR sönünce",
    "Sokak ışığı",
    "Çalışma saatleri",
    "Yeni çalışmalar",
    "Ağrı Dağı",
    "100% yün & _alt_ çizgi",
]
ISPARTA = TITLES[:4]
ISTANBUL = TITLES[4:7]
BOOKS = TITLES[7:10]
LIGHT = TITLES[11:14]
WORK = TITLES[14:16]


def add_page(title, language="tr"):
    locale, _ = Locale.objects.get_or_create(language_code=language)
    root = Page.get_first_root_node() or Page.add_root(title="Root", locale=locale)
    page = root.add_child(instance=Page(title=title, locale=locale, slug=None))
    SearchBackend({}).get_index_for_object(page).add_item(page)
    return page


def found(query, **options):
    return {page.title for page in SearchBackend({}).search(query, Page, **options)}


def completed(query):
    return {page.title for page in SearchBackend({}).autocomplete(query, Page)}


@pytest.fixture(scope="module")
def titles(rows_of_module):
    for title in TITLES:
        add_page(title)


@pytest.mark.parametrize(
    ("queries", "expected"),
    [
        (["ISPARTA", "Isparta", "isparta", "ısparta", "İsparta"], ISPARTA),
        (["istanbul", "İSTANBUL", "İstanbul", "ISTANBUL", "İstanbul’un"], ISTANBUL),
        (["kitap", "KITAP", "kitaplarımız", "kitaplarimiz", "KITAPLARIMIZ"], BOOKS),
        (["ışık", "IŞIK", "isik", "Işıklar"], LIGHT),
        (["calisma", "çalışma", "ÇALIŞMA", "CALISMA"], WORK),
        (["agri dagi", "Ağrı Dağı", "AGRI"], [TITLES[16]]),
        (["yun", "100", "100%", "_alt_", "alt"], [TITLES[17]]),
        (["kitap isparta", "isparta'da kitap"], []),
    ],
)
def test_search_finds_every_spelling(titles, queries, expected):
    assert {query: found(query) for query in queries} == {query: set(expected) for query in queries}


@pytest.mark.parametrize(
    "query",
    ['"', '""', "\0", " ", "", "'", "*", "(", "AND", "NOT", "NEAR(", ":*", "&|!", "\\", "\ud800"],
)
def test_search_survives_any_sign(titles, query):
    assert found(query) == set()
    assert completed(query) == set()
    assert found(Phrase(query)) == set()


@pytest.mark.parametrize(
    "query", ['"ışık"', "ışık\0", "ışık'", "(ışık", "ışık:*", "-ışık", "ışık OR"]
)
def test_search_reads_the_words_between_signs(titles, query):
    assert found(query, operator="or") == set(LIGHT)


def test_search_survives_very_long_questions(titles):
    assert found("kitap " * 5_000) == set(BOOKS)
    assert found("x" * 100_000) == set()
    assert completed("kitap " * 5_000) == set(BOOKS)


def test_search_combines_words(titles):
    assert found("isparta istanbul", operator="or") == set(ISPARTA + ISTANBUL)
    assert found("ISPARTA halisi") == {"ısparta halısı"}
    assert found(PlainText("isparta") & ~PlainText("halısı")) == set(ISPARTA) - {"ısparta halısı"}
    assert found(PlainText("isparta") | PlainText('"')) == set(ISPARTA)
    assert found(PlainText("isparta") & PlainText('"')) == set()
    assert found(Boost(PlainText("kitap"), 2)) == set(BOOKS)
    assert found(Fuzzy("kitap")) == set(BOOKS)
    assert set(BOOKS) & found(Not(PlainText("kitap"))) == set()


def test_search_keeps_the_order_of_phrases(titles):
    assert found(Phrase("agri DAĞI")) == {"Ağrı Dağı"}
    assert found(Phrase("dağı ağrı")) == set()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("isp", ISPARTA),
        ("ISP", ISPARTA),
        ("İST", ISTANBUL),
        ("kıtap", TITLES[7:11]),
        ("agri da", [TITLES[16]]),
    ],
)
def test_autocomplete_takes_the_last_word_as_a_beginning(titles, query, expected):
    assert completed(query) == set(expected)


def test_search_ranks_the_best_first(titles):
    best = add_page("Gül ve bahçe")
    worst = add_page("Uzun bir yazı ve başka sözler içinde bir gül ve ondan sonra bir bahçe")

    results = SearchBackend({}).search("gül bahçe", Page)

    assert [page.pk for page in results] == [best.pk, worst.pk]


def test_search_stems_english_pages():
    add_page("Garden recipes", language="en")

    assert found("recipe") == {"Garden recipes"}
    assert found("GARDENS") == {"Garden recipes"}
    assert found("gar") == set()


def test_search_sees_the_newest_text():
    page = add_page("Önceki")
    page.title = "Sonraki"
    page.save()
    SearchBackend({}).get_index_for_object(page).add_item(page)

    assert (found("önceki"), found("sonraki")) == (set(), {"Sonraki"})


def test_search_can_be_kept_to_titles(titles):
    assert found("ISIK", fields=["title"]) == set(LIGHT)


def test_search_stores_endless_text():
    page = add_page("Uzun")
    page.title = "uzun " + " ".join(f"söz{number}ğ" for number in range(50_000))
    SearchBackend({}).get_index_for_object(page).add_item(page)

    assert found("soz17g") == {"Uzun"}
