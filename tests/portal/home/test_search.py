import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from portal.home.services.search import search
from tests.factories import events, knowledge

VISITOR = AnonymousUser()


def hits(query, **options):
    """What is found, as (group, title, language)."""
    groups = search(query=query, member=VISITOR, **options)
    return [(group.code, str(hit.title), hit.language) for group in groups for hit in group.hits]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "<mark>Tent</mark> care"), ("tr", "<mark>Tent</mark> bakımı")]
)
def test_page_found_in_two_languages_is_listed_once(db, language, title):
    page = knowledge.article("Tent care")
    knowledge.translated(page, title="Tent bakımı")

    with translation.override(language):
        assert hits("tent") == [("articles", title, language)]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_event_found_in_two_languages_is_listed_once(db, language):
    page = events.make_event_page("Tent day")
    events.make_event_page("Tent day", language="tr", translation_key=page.translation_key)

    with translation.override(language):
        assert hits("tent") == [("events", "<mark>Tent</mark> day", language)]


def test_page_without_a_translation_is_found_in_the_other_language(db):
    knowledge.article("Tent care")
    events.make_event_page("Tent day", language="tr")

    with translation.override("tr"):
        turkish = hits("tent")

    assert turkish == [
        ("articles", "<mark>Tent</mark> care", "en"),
        ("events", "<mark>Tent</mark> day", "tr"),
    ]
    assert hits("tent") == turkish


@pytest.mark.parametrize("rows", [1, 3])
def test_search_takes_the_same_queries_for_any_number_of_hits(db, django_assert_num_queries, rows):
    for number in range(rows):
        knowledge.article(f"Tent {number}")
        knowledge.video(f"Tent film {number}")
        events.make_event_page(f"Tent day {number}")

    search(query="tent", member=VISITOR)
    with django_assert_num_queries(17):
        found = search(query="tent", member=VISITOR)

    assert [len(group.hits) for group in found] == [rows, rows, rows]


def test_each_kind_shows_as_many_as_asked(db):
    for number in range(3):
        knowledge.article(f"Tent {number}")
        events.make_challenge_page(f"Tent {number}")

    assert [code for code, _title, _language in hits("tent", limit=2)] == [
        "articles",
        "articles",
        "challenges",
        "challenges",
    ]
