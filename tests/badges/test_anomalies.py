"""What looks unusual: each rule at its edge, against figures that can be worked out by hand."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from badges.models import ProgramVersion
from badges.services.adjusting import adjust, decline_adjustment
from badges.services.anomalies import anomalies
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule, text
from tests.factories.staff import staff_with

OVERVIEW = "/cms/programme/"
pytestmark = pytest.mark.usefixtures("commits")


@pytest.fixture
def program():
    award = {"currency": "points", "per_value": 1}
    publish_program(rules=[rule("done", "import.done", award=award, name=text("Done"))])
    return ProgramVersion.objects.current()[1]


def adjuster():
    return staff_with("badges.adjust_points")


def give(by, member=None, amount=100, *, days=1):
    return adjust(
        member=member or MemberFactory(),
        currency="points",
        amount=amount,
        reason="goodwill" if amount > 0 else "misuse",
        notes={"en": "Thank you."},
        by=by,
        key=uuid4(),
        at=timezone.now() - timedelta(days=days),
    )


def did(amount, *, days, member=None):
    member = member or MemberFactory()
    at = timezone.now() - timedelta(days=days)
    record(member=member, verb="import.done", value=amount, key=str(uuid4()), occurred_at=at)
    return member


def found(program, kind):
    return [one for one in anomalies(program=program) if one.kind == kind]


def weeks_of(*amounts):
    """So much in the last seven days, and in each seven days before them."""
    for number, amount in enumerate(amounts):
        if amount:
            did(amount, days=3 + 7 * number)


def test_who_gave_three_times_as_much_as_the_second_stands_out(program):
    generous, other, third = adjuster(), adjuster(), adjuster()
    give(generous, amount=200), give(generous, amount=100)
    give(other, amount=100), give(third, amount=40)

    (one,) = found(program, "generous")

    assert (one.staff, one.amount, one.usual) == (generous, 300, 100)


@pytest.mark.parametrize(("most", "second"), [(299, 100), (99, 10)])
def test_who_gave_a_little_more_does_not_stand_out(program, most, second):
    give(adjuster(), amount=most)
    give(adjuster(), amount=second)

    assert found(program, "generous") == []


def test_one_person_alone_has_nobody_to_be_held_against(program):
    give(adjuster(), amount=500)

    assert found(program, "generous") == []


def test_what_was_taken_declined_waits_or_lies_back_counts_nothing(program):
    staff, member = adjuster(), did(500, days=1)
    give(staff, member, amount=-50)
    give(staff, member, amount=600)
    decline_adjustment(adjustment=give(staff, member, amount=601), by=adjuster(), answer="No.")
    for days in (29, 30, 31):
        give(staff, member, amount=10, days=days)
    give(adjuster(), amount=1)

    assert [one for one in anomalies(program=program) if one.staff] == []


def test_giving_to_one_member_again_and_again_stands_out(program):
    staff, member = adjuster(), MemberFactory()
    give(staff, member, amount=1), give(staff, member, amount=2)
    assert found(program, "again") == []

    give(staff, member, amount=3)

    (one,) = found(program, "again")
    assert (one.staff, one.member, one.times, one.amount) == (staff, member, 3, 6)


def test_giving_to_one_another_stands_out_once(program):
    first, second = adjuster(), adjuster()
    give(first, second, amount=5), give(first, second, amount=6)
    assert found(program, "mutual") == []

    give(second, first, amount=7)

    (one,) = found(program, "mutual")
    assert (one.staff, one.member, one.amount, one.usual) == (first, second, 11, 7)


def test_rule_that_pays_three_times_its_best_week_stands_out(program):
    weeks_of(300, 100, 40, 0, 90)

    (one,) = found(program, "jump")

    assert (one.rule_code, one.amount, one.usual) == ("done", 300, 100)


@pytest.mark.parametrize("weeks", [(299, 100, 40, 0, 90), (99, 10), (500,), (500, 0, 0, 0, 0, 100)])
def test_rule_that_pays_about_as_ever_or_is_new_does_not_stand_out(program, weeks):
    weeks_of(*weeks)

    assert found(program, "jump") == []


def test_rule_that_falls_silent_stands_out(program):
    weeks_of(0, 200, 100, 150, 120)

    (one,) = found(program, "silence")

    assert (one.rule_code, one.usual) == ("done", 100)


@pytest.mark.parametrize("weeks", [(1, 200, 100, 150, 120), (0, 200, 99, 150, 120), (0, 200, 0, 9)])
def test_rule_that_still_pays_or_paid_now_and_then_is_not_silent(program, weeks):
    weeks_of(*weeks)

    assert found(program, "silence") == []


def test_member_who_earns_three_times_the_best_of_the_weeks_before_stands_out(program):
    did(100, days=14)
    did(100, days=7)
    member = did(200, days=0)
    assert found(program, "earner") == []

    did(100, days=0, member=member)

    (one,) = found(program, "earner")
    assert (one.member, one.currency, one.amount, one.usual) == (member, "points", 300, 100)


def test_first_week_has_nothing_to_be_held_against(program):
    did(5000, days=0)

    assert found(program, "earner") == []


@pytest.mark.parametrize("count", [1, 3])
def test_search_takes_the_same_queries_for_one_and_for_three(
    program, count, django_assert_num_queries
):
    did(10, days=7)
    for _n in range(count):
        give(adjuster(), amount=100)
        did(500, days=0)

    # By hand; the best of the weeks before in two currencies; this week in one; people; rules.
    with django_assert_num_queries(6):
        anomalies(program=program)


def test_overview_says_each_finding_in_words_with_its_link(client, program):
    client.force_login(staff_with("badges.manage_program"))
    staff, other, member = adjuster(), adjuster(), MemberFactory()
    for _n in range(3):
        give(staff, member, amount=100)
    give(staff, other, amount=1), give(other, staff, amount=2)
    weeks_of(0, 100)
    did(400, days=0, member=member)

    links = {one["text"]: one["url"] for one in client.get(OVERVIEW).context["unusual"]}

    name, who, else_ = member.display_name, staff.display_name, other.display_name
    today = timezone.now().date()
    assert links == {
        f"{who} gave 301 points by hand in four weeks; whoever gave second most gave 2 points.": (
            f"/cms/programme/trail/?part=adjustments&q={staff.handle}"
        ),
        f"{who} gave {name} points by hand 3 times in four weeks: 300 points.": (
            f"/cms/programme/adjustments/?q={member.handle}"
        ),
        f"{who} and {else_} gave one another points by hand in four weeks: 1 point and 2 points.": (
            f"/cms/programme/trail/?part=adjustments&q={staff.handle}"
        ),
        "“Done” paid 400 points in the last seven days; the most in one of the four weeks before"
        " was 100 points.": (
            f"/cms/programme/costs/?since={today - timedelta(days=35)}&until={today}&split=week"
        ),
        f"{name} has earned 400 points this week; the most that anybody earned in one of the four"
        " weeks before was 100 points.": f"/cms/programme/explain/?q={member.handle}",
    }


def test_overview_says_where_a_rule_fell_silent_and_where_nothing_is_unusual(client, program):
    client.force_login(staff_with("badges.manage_program"))
    assert client.get(OVERVIEW).context["unusual"] == []

    weeks_of(0, 200, 100, 150, 120)

    assert [one["text"] for one in client.get(OVERVIEW).context["unusual"]] == [
        "“Done” paid nothing in the last seven days; each of the four weeks before it paid at least"
        " 100 points."
    ]
