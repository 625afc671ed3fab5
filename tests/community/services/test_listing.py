from datetime import timedelta
from itertools import chain

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.models import Idea
from community.services.finding import similar_ideas
from community.services.ideas import count_votes, post_idea
from community.services.listing import list_ideas
from tests.factories.community import CategoryFactory, IdeaFactory

NOW = timezone.now()


def titles(**filters):
    return [idea.title for idea in list_ideas(member=AnonymousUser(), **filters).ideas]


def pages(size, **filters):
    """Every page of the list, one after the other."""
    after = ""
    while True:
        page = list_ideas(member=AnonymousUser(), after=after, size=size, **filters)
        yield [idea.pk for idea in page.ideas]
        after = page.next
        if not after:
            return


@pytest.mark.parametrize(
    ("sort", "expected"),
    [("top", ["b", "c", "a"]), ("new", ["a", "c", "b"]), ("trending", ["c", "a", "b"])],
)
def test_each_sort_has_its_order(db, sort, expected):
    IdeaFactory(title="a", score=1, posted_at=NOW, trend=2.0)
    IdeaFactory(title="b", score=9, posted_at=NOW - timedelta(days=9), trend=1.0)
    IdeaFactory(title="c", score=5, posted_at=NOW - timedelta(days=1), trend=3.0)

    assert titles(sort=sort) == expected


@pytest.mark.parametrize("sort", ["top", "new", "trending"])
def test_pages_join_without_gap_or_repetition(db, sort):
    for number in range(7):
        IdeaFactory(score=number // 3, posted_at=NOW, trend=(number // 2) / 3)

    found = list(pages(3, sort=sort))

    assert [len(page) for page in found] == [3, 3, 1]
    assert sorted(chain(*found)) == sorted(Idea.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("after", ["x", "_", "1_", "x_1", "9" * 400 + "_1", "nan_x", "2026_1"])
@pytest.mark.parametrize("sort", ["top", "new", "trending"])
def test_cursor_that_does_not_fit_begins_at_the_top_or_ends(db, sort, after):
    IdeaFactory(title="a")

    assert titles(sort=sort, after=after) in (["a"], [])


def test_filters_by_board_and_status(db):
    board = CategoryFactory()
    IdeaFactory(title="a", category=board, status="planned")
    IdeaFactory(title="b", category=board)
    IdeaFactory(title="c", status="planned")

    assert titles(board=board.code) == ["b", "a"]
    assert titles(status="planned") == ["c", "a"]
    assert titles(board=board.code, status="planned") == ["a"]
    assert titles(board="none") == []
    assert titles(status="nonsense") == ["c", "b", "a"]


def test_withdrawn_and_hidden_ideas_are_in_no_list(db):
    IdeaFactory(withdrawn_at=NOW)
    IdeaFactory(hidden_at=NOW)

    assert titles() == []


@pytest.mark.parametrize("query", ["ISPARTA", "Isparta", "ısparta", "isparta", "gülü", "güller"])
def test_search_finds_turkish_however_it_is_typed(member, query):
    post_idea(author=member, title="Isparta'da durak", body="Güllerin yanında.")
    post_idea(author=member, title="İzmir'de durak", body="Denizin yanında.")

    assert titles(query=query) == ["Isparta'da durak"]


@pytest.mark.parametrize("query", ['"', "\0", " ", "%", "'", "a" * 500, "AND OR NOT", "*"])
def test_hostile_search_finds_nothing_and_breaks_nothing(member, query):
    post_idea(author=member, title="Bike racks")

    assert titles(query=query) in ([], ["Bike racks"])


def test_search_keeps_the_order_that_was_asked_for(member):
    for score, title in ((1, "Racks by the gate"), (5, "Racks racks racks"), (3, "Racks")):
        idea = post_idea(author=member, title=title)
        count_votes(idea_id=idea.pk, change=score)

    assert titles(query="racks", sort="top") == ["Racks racks racks", "Racks", "Racks by the gate"]


def test_similar_ideas_share_telling_words(member):
    first = post_idea(author=member, title="A tent that dries in an hour")
    second = post_idea(author=member, title="Tents which dry faster")
    post_idea(author=member, title="A bag that folds in an hour")

    assert set(similar_ideas("Tent drying faster")) == {first, second}
    assert similar_ideas(first.title, besides=first.pk) == []
    assert similar_ideas("in an") == []


def test_similar_ideas_leave_out_what_is_withdrawn(member):
    idea = post_idea(author=member, title="Faster tents")
    Idea.objects.filter(pk=idea.pk).update(withdrawn_at=NOW)

    assert similar_ideas("Faster tents") == []


def test_list_asks_one_query(db, django_assert_num_queries):
    for count in (1, 3):
        IdeaFactory.create_batch(count)
        with django_assert_num_queries(1):
            for idea in list_ideas(member=AnonymousUser()).ideas:
                _ = (idea.byline, idea.category, idea.voted)
