from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Sum

from badges.models import Account, BadgeAward, BudgetUse, Claim, LimitUse, Refusal, Transfer
from badges.services.past import Stretch
from badges.services.rehearsing import read, rehearse, rehearse_rule
from portal.activity.services import record, reverse
from tests.badges.test_past import NOON, did, draft
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule, text

FIRST, LAST = datetime(2026, 3, 4, tzinfo=UTC), datetime(2026, 3, 9, tzinfo=UTC)
MIDDLE = Stretch(FIRST, LAST)
COUNTED = ("award", "reversal", "restore")
LEVELS = [
    {"code": "new", "name": text("New"), "experience": 0},
    {"code": "explorer", "name": text("Explorer"), "experience": 40},
]


def rehearsed(program, stretch=MIDDLE, most=1000):
    return rehearse(program=program, reading=read(programs=[program], stretch=stretch, most=most))


def act(members):
    """Ten days of everybody doing something, some of it twice a day, in the order of time."""
    for day in range(10):
        for number, member in enumerate(members):
            for turn in range(1 + (day + number) % 3):
                did(
                    member,
                    f"{number}-{day}-{turn}",
                    days=day,
                    object=f"post:{(day * turn) % 4}",
                    value=turn,
                )


def paid(stretch=MIDDLE):
    rows = Transfer.objects.filter(
        kind__in=COUNTED, counted_at__gte=stretch.since, counted_at__lt=stretch.until
    )
    sums = rows.values_list("owner_id", "currency").annotate(total=Sum("amount"))
    return {(owner, currency): total for owner, currency, total in sums if total}


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"limit": [{"amount": 25, "per": "day"}]},
        {"limit": [{"times": 4, "per": "week"}]},
        {"limit": [{"times": 3, "per": "month"}, {"amount": 100, "per": "ever"}]},
        {"once_per": "object"},
        {"once_per": "member"},
        {"once_per": "day"},
        {"budget": 345},
        {"holdout": 50},
        {"when": {"first_time": False}},
        {"when": {"value": {"at_least": 1}}},
        {"when": {"member": {"level": ["explorer"]}}},
    ],
)
def test_rehearsing_what_was_in_force_says_what_the_ledger_holds(member, parts):
    rules = [
        rule("done", "import.done", 10, **parts),
        rule("more", "import.done", 3, currency="experience"),
    ]
    badges = [
        badge("three", {"count": {"verb": "import.done"}, "at_least": 7}),
        badge("rich", {"balance": "experience", "at_least": 30}),
        badge("many", {"distinct": {"verb": "import.done"}, "at_least": 3}),
    ]
    publish_program(rules=rules, badges=badges, levels=LEVELS)
    act([member, MemberFactory(), MemberFactory()])

    report = rehearsed(draft(rules=rules, badges=badges, levels=LEVELS))

    assert dict(report.by_member) == paid()
    given = BadgeAward.objects.filter(awarded_at__gte=FIRST, awarded_at__lt=LAST)
    assert sorted(report.badges) == sorted(given.values_list("owner_id", "badge_code"))


def test_rehearsing_writes_nothing(member):
    rules = [rule("done", "import.done", 10, once_per="day", budget=50, limit=[])]
    publish_program(rules=rules)
    act([member])
    models = (Transfer, Account, Refusal, Claim, LimitUse, BudgetUse, BadgeAward)
    before = [list(model.objects.order_by("pk").values()) for model in models]

    other = {"once_per": "activity", "budget": 80, "limit": [{"times": 1, "per": "day"}]}
    assert rehearsed(draft(rules=[rule("done", "import.done", 7, **other)])).amounts

    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_changed_rule_is_rehearsed_though_it_has_paid(member):
    publish_program(rules=[rule("done", "import.done", 10)])
    did(member, "1", days=3)

    assert rehearsed(draft(rules=[rule("done", "import.done", 25)])).amounts == {"points": 25}


def test_undone_facts_and_other_days_cost_nothing(member):
    did(member, "early", days=0)
    reverse(did(member, "undone", days=3))
    did(member, "late", days=9)

    assert rehearsed(draft(rules=[rule("done", "import.done", 10)])).amounts == {}


def test_budget_ends_on_the_day_on_which_nothing_is_left(member):
    for day in range(3, 6):
        did(member, str(day), days=day)

    report = rehearsed(draft(rules=[rule("done", "import.done", 10, budget=20)]))

    assert report.budget_ends == {"done": NOON + timedelta(days=5)}
    assert report.amounts == {"points": 20}


def test_levels_are_those_that_the_stretch_brings(member):
    rules = [rule("done", "import.done", 15, currency="experience")]
    publish_program(rules=rules, levels=LEVELS)
    for day in range(0, 10, 2):
        did(member, str(day), days=day)

    report = rehearsed(draft(rules=rules, levels=LEVELS))

    assert report.levels == {member.pk: ("new", "explorer")}


def test_only_the_latest_are_read_where_there_are_too_many(member):
    for day in range(2, 7):
        did(member, str(day), days=day)
    program = draft(rules=[rule("done", "import.done", 10)])

    reading = read(programs=[program], stretch=MIDDLE, most=3)

    assert (reading.is_short, reading.stretch.since) == (True, NOON + timedelta(days=4))
    assert [one.key for one in reading.activities] == ["4", "5", "6"]
    assert not read(programs=[program], stretch=MIDDLE, most=5).is_short


def test_as_many_as_fit_are_read_where_all_happened_at_once(member):
    for number in range(3):
        record(member=member, verb="import.done", key=str(number), occurred_at=FIRST)
    program = draft(rules=[rule("done", "import.done", 10)])

    reading = read(programs=[program], stretch=MIDDLE, most=2)

    assert (reading.is_short, len(reading.activities)) == (True, 2)


def test_one_rule_is_rehearsed_alone(member):
    did(member, "1", days=3)
    program = draft(rules=[rule("done", "import.done", 10), rule("more", "import.done", 3)])

    report, _reading = rehearse_rule(
        rule=program.rules_by_code["more"], program=program, stretch=MIDDLE, most=10
    )

    assert dict(report.by_rule) == {("more", "points"): 3}


@pytest.mark.parametrize("number", [1, 3])
def test_rehearsal_takes_the_same_queries_for_one_and_three(
    member, number, django_assert_num_queries
):
    rules = [rule("done", "import.done", 10, once_per="day", budget=999, limit=[])]
    program = draft(rules=rules, levels=LEVELS)
    for one in [member, MemberFactory(), MemberFactory()][:number]:
        did(one, f"x{one.pk}", days=3)

    with django_assert_num_queries(REHEARSAL_QUERIES):
        rehearsed(program)


REHEARSAL_QUERIES = 7
