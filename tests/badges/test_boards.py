from datetime import UTC, datetime

import pytest
from django.utils import timezone

from badges.models import PeriodTotal
from badges.models.boards import EVER
from badges.services.boards import around, periods_of, top
from badges.services.standing import badge_lines, badges_of, standing_of
from portal.activity.services import record, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text

BOARD = {"period": EVER}


@pytest.fixture
def program(commits):
    levels = [
        {"code": "new", "name": text("New"), "experience": 0},
        {"code": "old", "name": text("Old"), "experience": 100},
    ]
    award = {"currency": "experience", "per_value": 1}
    return publish_program(rules=[rule("done", "import.done", award=award)], levels=levels)


def gain(amount, member=None, key="1"):
    member = member or MemberFactory()
    record(member=member, verb="import.done", value=amount, key=f"{member.pk}-{key}")
    return member


def total(member, period):
    return PeriodTotal.objects.of(member).get(currency="experience", period=period).total


def test_top_ranks_1_2_2_4_with_ties_in_the_order_of_arrival(program):
    first, early, late, last = gain(40), gain(30), gain(30), gain(10)

    board = top(**BOARD)

    assert [(row.rank, row.face.pk, row.total) for row in board] == [
        (1, first.pk, 40),
        (2, early.pk, 30),
        (2, late.pk, 30),
        (4, last.pk, 10),
    ]


def test_around_shows_two_neighbours_on_each_side_with_their_ranks(program):
    members = [gain(amount) for amount in (90, 80, 70, 70, 70, 60, 50)]

    rows = around(member=members[4], **BOARD)

    assert [(row.rank, row.face.pk) for row in rows] == [
        (3, members[2].pk),
        (3, members[3].pk),
        (3, members[4].pk),
        (6, members[5].pk),
        (7, members[6].pk),
    ]


def test_who_opted_out_appears_nowhere_and_moves_nobody_down(program):
    hidden, shown = gain(90), gain(10)
    hidden.is_listed = False
    hidden.save(update_fields=["is_listed"])

    assert [(row.rank, row.face.pk) for row in top(**BOARD)] == [(1, shown.pk)]
    assert around(member=hidden, **BOARD) == []


@pytest.mark.parametrize("count", [1, 3])
def test_board_takes_the_same_queries_for_one_and_for_three(
    program, count, django_assert_num_queries
):
    for _number in range(count):
        gain(10)

    with django_assert_num_queries(1):
        assert len(top(**BOARD)) == count


def test_reversal_lowers_the_period_of_its_award(program):
    member = MemberFactory()
    at = datetime(2026, 3, 4, tzinfo=UTC)
    fact = record(member=member, verb="import.done", value=5, occurred_at=at)
    reverse(fact)

    assert total(member, "2026-W10") == 0
    assert total(member, EVER) == 0


def test_periods_follow_the_programmes_zone_and_iso_weeks(program):
    program = publish_program(
        timezone="Europe/Istanbul",
        seasons=[
            {"code": "s", "name": text("S"), "starts_on": "2027-01-01", "ends_on": "2027-02-01"}
        ],
    )
    from badges.models import ProgramVersion

    _pk, current = ProgramVersion.objects.current()
    new_year = datetime(2026, 12, 31, 21, 30, tzinfo=UTC)

    assert program.number == 2
    assert periods_of(new_year, current, "experience") == [EVER, "2027-01", "2026-W53", "season:s"]
    assert periods_of(new_year, current, "points") == ["2026-W53"]


def test_standing_tells_the_level_and_the_way_to_the_next(program):
    member = gain(40)

    standing = standing_of(member)

    assert (standing.level.code, standing.next_level.code) == ("new", "old")
    assert (standing.experience, standing.missing, standing.percent) == (40, 60, 40)


def test_badge_lines_put_held_badges_first_and_tell_the_progress_of_others(commits):
    publish_program(
        badges=[
            badge("far", {"count": {"verb": "import.done"}, "at_least": 10}),
            badge("near", {"count": {"verb": "import.done"}, "at_least": 4}),
            badge("mine", {"count": {"verb": "import.done"}, "at_least": 2}),
        ]
    )
    member = MemberFactory()
    for number in range(3):
        gain(1, member, str(number))
    from badges.models import ProgramVersion

    lines = badge_lines(member, ProgramVersion.objects.current()[1])

    assert [line.badge.code for line in lines] == ["mine", "near", "far"]
    assert (lines[1].progress.current, lines[1].progress.percent) == (3, 75)
    assert [held.code for held in badges_of(member, limit=5)] == ["mine"]


def test_week_begins_on_monday_in_the_programmes_zone(program):
    member = gain(7)
    _pk, current = type(program).objects.current()
    year, week, _day = timezone.now().astimezone(current.zone).isocalendar()

    assert total(member, f"{year}-W{week:02}") == 7
