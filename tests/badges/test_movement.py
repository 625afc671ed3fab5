"""How far places moved: exact against a recount, in words, whatever became of who is listed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from badges.models import ProgramVersion
from badges.models.boards import EVER
from badges.services.boards import around, top
from badges.services.marks import keep_marks
from badges.services.movement import (
    Move,
    former_month,
    former_season,
    former_week,
    with_moves,
)
from portal.accounts.models import Interest
from portal.accounts.people import interested_in
from portal.accounts.services.members import save_privacy
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule, text

PAGE = reverse("badges:leaderboard")
THEN, NOW = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 11, tzinfo=UTC)
WEEK, FORMER = "2026-W11", "2026-W10"


@pytest.fixture
def program(commits):
    award = {"currency": "experience", "per_value": 1}
    publish_program(rules=[rule("done", "import.done", award=award)])


def gain(member, amount, at):
    key = f"{member.pk}-{amount}-{at}"
    record(member=member, verb="import.done", value=amount, key=key, occurred_at=at)
    return member


def moved(*, then=0, now=0, **fields):
    member = MemberFactory(**fields)
    if then:
        gain(member, then, THEN)
    if now:
        gain(member, now, NOW)
    return member


def moves(**narrowed):
    board = top(period=WEEK, **narrowed)
    (rows,) = with_moves(board, former=FORMER, **narrowed)
    return {row.face.pk: row.move for row in rows}


def test_a_place_is_compared_with_the_rank_of_the_former_period(program):
    rising, steady = moved(then=10, now=50), moved(then=20, now=40)
    falling, fresh = moved(then=30, now=30), moved(now=20)
    moved(then=25)

    assert moves() == {
        rising.pk: Move(4, 3),
        steady.pk: Move(3, 1),
        falling.pk: Move(1, -2),
        fresh.pk: Move(),
    }


def test_those_who_share_a_place_move_by_what_was_told_then(program):
    first, tied = moved(then=10, now=9), moved(then=10, now=9)
    behind = moved(then=5, now=7)

    assert moves() == {first.pk: Move(1, 0), tied.pk: Move(1, 0), behind.pk: Move(3, 0)}


def test_marks_change_no_former_rank(program):
    crowd = [moved(then=10 * n, now=1000 - n) for n in range(1, 9)]
    before = moves()

    keep_marks()

    assert moves() == before
    assert before[crowd[0].pk] == Move(8, 7)


def test_who_opted_out_is_in_no_former_rank_either(program):
    member = moved(then=10, now=10)
    hidden = moved(then=90, now=90)
    save_privacy(member=hidden, is_listed=False)

    assert moves() == {member.pk: Move(1, 0)}

    save_privacy(member=hidden, is_listed=True)
    assert moves() == {hidden.pk: Move(1, 0), member.pk: Move(2, 0)}


def test_part_of_the_members_is_compared_with_itself(program):
    Interest.objects.create(code="climbing", name_en="Climbing", name_tr="Tırmanış")
    moved(then=90)
    climber = moved(then=10, now=20, interests=["climbing"])
    other = moved(then=20, now=10, interests=["climbing"])

    found = moves(among=interested_in("climbing"))

    assert found == {climber.pk: Move(2, 1), other.pk: Move(1, -1)}


def test_nothing_is_said_where_the_former_board_was_empty(program):
    member = moved(now=10)

    assert moves() == {member.pk: None}
    (rows,) = with_moves(top(period=EVER), former="")
    assert [row.move for row in rows] == [None]


def test_everybody_is_new_where_none_of_them_was_there(program):
    member = moved(now=10)
    moved(then=5)

    assert moves() == {member.pk: Move()}


@pytest.mark.parametrize("count", [1, 3])
def test_moves_take_the_same_queries_for_one_and_for_three(
    program, count, django_assert_num_queries
):
    members = [moved(then=10 + number, now=10) for number in range(count)]
    boards = top(period=WEEK), around(member=members[0], period=WEEK)

    # Former totals; who entered or left the lists just now; former ranks.
    with django_assert_num_queries(3):
        with_moves(*boards, former=FORMER)


def test_no_board_asks_nothing(program, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert with_moves([], [], former=FORMER) == [[], []]


def test_former_weeks_and_months_cross_the_year():
    assert former_week(date(2027, 1, 4)) == "2026-W53"
    assert former_week(date(2027, 1, 3)) == "2026-W52"
    assert former_month(date(2027, 1, 31)) == "2026-12"
    assert former_month(date(2026, 3, 31)) == "2026-02"


def season(code, starts_on, ends_on):
    return {"code": code, "name": text(code), "starts_on": starts_on, "ends_on": ends_on}


def test_former_season_is_the_latest_that_was_over(commits):
    publish_program(
        seasons=[
            season("new", "2026-06-01", "2026-08-31"),
            season("old", "2026-01-01", "2026-02-28"),
            season("late", "2026-03-01", "2026-05-01"),
            season("across", "2026-05-15", "2026-06-30"),
        ]
    )
    _pk, program = ProgramVersion.objects.current()
    seasons = {one.code: one for one in program.seasons}

    assert former_season(seasons["new"], program) == seasons["late"]
    assert former_season(seasons["old"], program) is None


def shown(client, **query):
    return client.get(PAGE, query).content.decode()


def test_page_says_moves_in_words(member_client, program):
    last_week = timezone.now() - timedelta(days=7)
    me, other, third = member_client.member, MemberFactory(), MemberFactory()
    for member, amount in ((me, 10), (other, 20), (third, 30)):
        gain(member, amount, last_week)
    for member, amount in ((me, 50), (other, 40), (third, 30), (MemberFactory(), 1)):
        gain(member, amount, timezone.now())

    page = shown(member_client)

    assert "Arrows compare places with last week." in page
    top_ten = page.split('id="top"')[1]
    for words in ("up 2 places", "down 2 places", "same place", ">new<"):
        assert top_ten.count(words) == 1
    assert page.split('id="top"')[0].count("up 2 places") == 1


@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_one_and_for_three(
    member_client, program, count, django_assert_num_queries
):
    members = [member_client.member, *(MemberFactory() for _n in range(count - 1))]
    for member in members:
        gain(member, 10, timezone.now() - timedelta(days=7))
        gain(member, 10, timezone.now())
    member_client.get(PAGE)

    with django_assert_num_queries(16):
        member_client.get(PAGE)


def test_page_without_a_former_period_says_nothing(member_client, program):
    gain(member_client.member, 10, timezone.now())

    for query in ({}, {"period": "month"}, {"period": "ever"}):
        page = shown(member_client, **query)
        assert "Arrows compare" not in page
        assert 'class="move' not in page


def test_page_compares_with_the_last_month(member_client, program):
    first = timezone.now().replace(day=1)
    gain(member_client.member, 10, first - timedelta(days=2))
    gain(member_client.member, 5, timezone.now())

    page = shown(member_client, period="month")

    assert "Arrows compare places with last month." in page
    assert page.count("same place") == 2


@pytest.mark.parametrize("is_first", [True, False])
def test_page_compares_with_the_former_season(member_client, commits, is_first):
    today = timezone.now().date()
    start = today - timedelta(days=5)
    former = season("old", (start - timedelta(days=30)).isoformat(), (start).isoformat())
    former["ends_on"] = (start - timedelta(days=1)).isoformat()
    seasons = [season("new", start.isoformat(), today.isoformat())]
    award = {"currency": "experience", "per_value": 1}
    publish_program(
        rules=[rule("done", "import.done", award=award)],
        seasons=seasons if is_first else [former, *seasons],
    )
    gain(member_client.member, 10, timezone.now() - timedelta(days=10))
    gain(member_client.member, 5, timezone.now())

    page = shown(member_client, period="season")

    assert ("Arrows compare places with the season “old”." in page) is not is_first


def test_alias_stays_an_alias_beside_its_move(client, program):
    member = MemberFactory()
    gain(member, 10, timezone.now() - timedelta(days=7))
    gain(member, 10, timezone.now())
    save_privacy(member=member, alias="Silent Fox")

    page = shown(client)

    assert "same place" in page
    assert "Silent Fox" in page
    assert member.name not in page
