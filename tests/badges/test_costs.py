import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db.models import Sum
from openpyxl import load_workbook

from badges.models import Entry, ProgramVersion, Transfer
from badges.services.books import Book
from badges.services.cost_report import cost_report, liabilities
from badges.services.lifts import Group, Lift, lifts
from badges.services.past import Stretch
from portal.activity.services import record, restore, reverse
from tests.badges.test_forecast_pages import worthy
from tests.badges.test_past import NOON
from tests.badges.test_past import did as did_in_spring
from tests.badges.test_program_pages import staff
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule, text

COSTS = "/cms/programme/costs/"
MARCH = Stretch(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
DAYS = "?since=2026-03-01&until=2026-03-31"


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


@pytest.fixture
def program(member):
    """Two rules, some of what they paid taken back, something before and after March."""
    rules = [
        rule("done", "import.done", 30, name=text("Done"), budget=1000),
        rule(
            "more",
            "import.more",
            name=text("=HYPERLINK(1)"),
            award=[{"currency": "points", "amount": 7}, {"currency": "experience", "per_value": 2}],
        ),
    ]
    publish_program(rules=rules, currencies=worthy("0.005"))
    other = MemberFactory()
    for day in (-3, 0, 1, 8, 40):
        did_in_spring(member, f"a{day}", days=day)
    reverse(did_in_spring(other, "undone", days=1))
    again = did_in_spring(other, "again", days=2)
    restore(reverse(again))
    moment = NOON + timedelta(days=9)
    record(member=other, verb="import.more", key="more", value=5, occurred_at=moment)
    return ProgramVersion.objects.current()[1]


def figures(line):
    return line.paid, line.back, line.net, line.members, line.outcomes


def test_every_rule_stands_with_what_it_paid_and_took_back(program):
    report = cost_report(stretch=MARCH, program=program)

    assert {(line.rule_code, line.currency): figures(line) for line in report.lines} == {
        ("done", "points"): (180, 60, 120, 2, 4),
        ("more", "points"): (7, 0, 7, 1, 1),
        ("more", "experience"): (10, 0, 10, 1, 1),
    }


@pytest.mark.parametrize("split", ["", "week", "month"])
def test_foot_is_the_sum_of_the_lines_and_equals_the_ledger(program, split):
    report = cost_report(stretch=MARCH, program=program, split=split)

    for foot in report.foot:
        own = [line for line in report.lines if line.currency == foot.currency]
        from_programme = Entry.objects.filter(
            account__kind="program",
            account__currency=foot.currency,
            transfer__counted_at__gte=MARCH.since,
            transfer__counted_at__lt=MARCH.until,
        ).aggregate(total=Sum("amount"))["total"]
        assert foot.net == sum(line.net for line in own) == -from_programme
        assert foot.paid == sum(line.paid for line in own)
        assert foot.outcomes == sum(line.outcomes for line in own)


def test_report_is_split_at_the_programmes_weeks(program):
    report = cost_report(stretch=MARCH, program=program, split="week")
    weeks = {(line.period, line.net) for line in report.lines if line.rule_code == "done"}

    assert weeks == {(date(2026, 3, 2), 90), (date(2026, 3, 9), 30)}


def test_cost_is_exact_and_that_of_one_outcome_follows(program):
    done = cost_report(stretch=MARCH, program=program).lines[0]

    assert done.cost(program) == {"TRY": Decimal("0.600")}
    assert done.cost_each(program) == {"TRY": Decimal("0.150")}


def test_rule_whose_awards_were_all_taken_back_has_no_cost_of_one(member):
    publish_program(rules=[rule("done", "import.done", 30)], currencies=worthy())
    reverse(did_in_spring(member, "1"))
    program = ProgramVersion.objects.current()[1]

    line = cost_report(stretch=MARCH, program=program).lines[0]

    assert (line.net, line.outcomes, line.cost_each(program)) == (0, 0, {})


def test_liability_is_what_members_hold_of_what_can_be_spent(program, member):
    spent = record(member=member, verb="badges.points_adjusted", object="x:1")
    book = Book([member.pk], ["points"])
    book.spend(activity=spent, currency="points", amount=50)
    book.write()

    owed = liabilities(program)

    assert [(one.currency, one.balance, one.held) for one in owed] == [("points", 137, 0)]
    assert owed[0].cost(program) == {"TRY": Decimal("0.685")}


def test_page_shows_lines_foot_and_what_members_hold(manager, program):
    html = manager.get(COSTS + DAYS).content.decode()

    assert "<td>Done</td><td>Points</td>" in html
    assert "0.60 ₺" in html
    assert "187 points = <strong>0.94 ₺</strong>" in html
    assert "18 %" in html
    assert "What rules bring" not in html


def test_page_without_days_shows_the_last_thirty(manager, program):
    assert "Nothing was paid." in manager.get(COSTS).content.decode()


@pytest.mark.parametrize(("language", "name"), [("en", "In all"), ("tr", "Toplam")])
def test_spreadsheet_holds_numbers_that_add_up_and_no_formulas(client, program, language, name):
    person = staff("manage_program")
    person.language = language
    person.save(update_fields=["language"])
    client.force_login(person)

    answer = client.get(f"/cms/programme/costs.xlsx{DAYS}&split=week")

    rows = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    points = [row for row in rows[1:] if row[3] == "Points" and row[1] != name]
    foot = next(row for row in rows if row[1] == name and row[3] == "Points")
    assert sum(row[6] for row in points) == foot[6] == 127
    assert {row[1] for row in points} == {"Done", "'=HYPERLINK(1)"}
    assert (foot[7], foot[8]) == (0.64, "TRY")


@pytest.mark.parametrize("number", [1, 3])
def test_report_takes_the_same_queries_for_one_rule_and_for_three(
    manager, number, django_assert_num_queries
):
    codes = [f"rule-{n}" for n in range(number)]
    rules = [rule(code, f"import.{code}", name=text(code), budget=100) for code in codes]
    publish_program(rules=rules)
    for code in codes:
        record(member=MemberFactory(), verb=f"import.{code}", key=code)
    manager.get(COSTS)

    with django_assert_num_queries(COST_QUERIES):
        html = manager.get(COSTS).content.decode()

    assert all(code in html for code in codes)


COST_QUERIES = 14


def test_interval_is_the_textbooks():
    """Agresti's aspirin study: 189 of 11,034 under placebo, 104 of 11,037 under aspirin."""
    lift = Lift("rule", Group(11_034, 189), Group(11_037, 104))

    low, high = lift.bounds

    assert round(lift.difference, 4) == 0.0077
    assert (round(low, 3), round(high, 3)) == (0.005, 0.011)


@pytest.mark.parametrize(
    ("paid", "control", "is_enough"),
    [((10, 5), (10, 5), True), ((10, 4), (10, 5), False), ((10, 5), (10, 6), False)],
)
def test_few_members_are_not_enough(paid, control, is_enough):
    assert Lift("rule", Group(*paid), Group(*control)).is_enough is is_enough


def test_lift_counts_standing_facts_of_both_groups(commits):
    held_out = rule("done", "import.done", 10, holdout=50, when={"value": {"at_least": 1}})
    publish_program(rules=[held_out, rule("other", "import.other", 10)])
    members = [MemberFactory(date_joined=NOON - timedelta(days=9)) for _n in range(12)]
    MemberFactory(date_joined=NOON + timedelta(days=99))
    for member in members[:6]:
        did_in_spring(member, f"{member.pk}")
    reverse(did_in_spring(members[7], "undone"))
    did_in_spring(members[8], "worthless", value=0)
    program = ProgramVersion.objects.current()[1]

    found = lifts(program=program, stretch=MARCH)

    assert [one.rule_code for one in found] == ["done"]
    assert found[0].paid.members + found[0].control.members == 12
    assert found[0].paid.acted + found[0].control.acted == 6
    paid = set(Transfer.objects.filter(kind="award", reversed_by=None))
    assert found[0].paid.acted == len(paid)


def test_lift_goes_by_the_programmes_days_wherever_members_live(commits):
    publish_program(rules=[rule("done", "import.done", 10, holdout=50)])
    zones = ("Pacific/Auckland", "America/Lima")
    east, west = (MemberFactory(time_zone=zone, date_joined=MARCH.since) for zone in zones)
    for member, moment in ((east, MARCH.until), (west, MARCH.since)):
        for key, minutes in (("before", -1), ("after", 0)):
            at = moment + timedelta(minutes=minutes)
            record(member=member, verb="import.done", key=f"{key}-{member.pk}", occurred_at=at)
    stretches = (MARCH, Stretch(MARCH.until, MARCH.until + timedelta(days=1)))
    program = ProgramVersion.objects.current()[1]

    found = [lifts(program=program, stretch=stretch)[0] for stretch in stretches]

    assert [one.paid.acted + one.control.acted for one in found] == [2, 1]


def test_page_says_what_rules_bring_or_that_there_is_not_enough(manager):
    publish_program(rules=[rule("done", "import.done", 10, holdout=50, name=text("Done"))])
    # A control group is chosen by the numbers of its members, so these are fixed.
    members = [MemberFactory(pk=9_000 + n) for n in range(40)]
    few = manager.get(COSTS).content.decode()
    for member in members[::2]:
        record(member=member, verb="import.done", key=str(member.pk))

    html = manager.get(COSTS).content.decode()

    assert "Not enough data" in few
    assert "percentage points (" in html
