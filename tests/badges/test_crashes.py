"""Every kind of rule, run twice, in any order, through crashes: the same ledger (I1, I8).

Facts come in a shuffled order. Some are committed by a process that dies before it sends them on,
of some a consumer fails half-way, some are sent again by hand. After `dispatch_pending` the ledger
holds what it holds where nothing ever goes wrong. Nothing of the product is replaced.
"""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, transaction

from badges.models import Account, Transfer
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.activity import registry
from portal.activity.bundles import Bundle
from portal.activity.models import Activity
from portal.activity.services import dispatch, dispatch_pending, record, reverse
from portal.activity.services.dispatching import consume
from tests.conftest import clean_thread
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule, text

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
BOTH = [{"currency": "points", "per_value": 2}, {"currency": "experience", "per_value": 3}]
DONE, VISITED, GROWN = "import.done", "import.visited", "import.grown"
# Each pays the same in whatever order its facts come; only who gets a budget's rest is chance.
RULES = [
    rule("each", DONE, 10),
    rule("value", DONE, award=BOTH),
    rule("either", [DONE, VISITED], 1, "experience"),
    rule("object", DONE, 4, once_per="object"),
    rule("day", VISITED, 3, once_per="day"),
    rule("member", VISITED, 50, once_per="member"),
    rule("first", VISITED, 7, when={"first_time": True}),
    rule("great", DONE, 6, when={"value": {"at_least": 4}}),
    rule("exact", DONE, 6, when={"value": {"equals": 2}}),
    rule("small", DONE, 6, when={"value": {"at_most": 1}}),
    rule("posts", DONE, 5, when={"object": {"prefix": "post:"}}),
    rule("role", DONE, 2, when={"member": {"role": ["moderator"]}}),
    rule("level", DONE, 2, when={"member": {"level": ["grown"]}}),
    rule("daily-amount", DONE, 8, limit=[{"amount": 20, "per": "day"}]),
    rule("daily-value", DONE, award=BOTH[0], limit=[{"amount": 9, "per": "day"}]),
    rule("weekly-times", DONE, 8, limit=[{"times": 2, "per": "week"}]),
    rule(
        "monthly", VISITED, 8, limit=[{"times": 3, "per": "month"}, {"amount": 20, "per": "ever"}]
    ),
    rule("spring", VISITED, 9, starts_at="2026-03-04T00:00:00Z", ends_at="2026-03-06T00:00:00Z"),
    rule("budget", DONE, 7, budget=100),
    rule("control", DONE, 3, holdout=50),
    rule("no-team", DONE, 3, exclude=["staff", "bots"]),
    rule("kept-back", VISITED, 11, hold={"hours": 48}),
    rule("trial", DONE, 99, shadow=True),
    rule("grow", GROWN, 100_000, "experience", once_per="member"),
]
LEVELS = [
    {"code": "new", "name": text("New"), "experience": 0},
    {"code": "grown", "name": text("Grown"), "experience": 100_000},
]


# How many awards a limit or a budget cuts depends on the order; what they come to does not.
CUT = {"budget", "daily-value"}


class CrashError(Exception):
    """A consumer that fails."""


@pytest.fixture
def crashing():
    """A last consumer that fails for each activity as often as is asked for.

    Twice means half-way: together with others, and then on its own, when the others are done.
    """
    failing: Counter[int] = Counter()

    def fail(activities, bundle, asked):
        doomed = [one.pk for one in activities if failing[one.pk]]
        failing.subtract(doomed)
        if doomed:
            raise CrashError

    registry.register_consumer(registry.Consumer("crashing", 99, fail))
    yield failing
    registry._consumers.pop("crashing")


def people():
    """One of the team, one program, and some who are neither; half of them have grown.

    Their numbers are fixed, as a control group is chosen by them.
    """
    members = [MemberFactory(pk=9_000 + n, is_staff=n == 0) for n in range(5)]
    members[1].groups.add(Group.objects.get_or_create(name="bots")[0])
    members[2].groups.add(Group.objects.get_or_create(name="moderator")[0])
    for member in members[::2]:
        record(member=member, verb=GROWN, key=f"grown-{member.pk}", occurred_at=MONDAY)
    return members


def facts():
    """(key, member, verb, object, value, moment, whether it is undone) of two weeks."""
    chance = random.Random(7)
    for number in range(70):
        verb = chance.choice([DONE, DONE, VISITED])
        thing = chance.choice(["", f"post:{number % 9}", f"idea:{number % 7}"])
        at = MONDAY + timedelta(hours=chance.randrange(24 * 14))
        yield f"f-{number}", number % 5, verb, thing, chance.randrange(1, 6), at


def ledger():
    """(whose, rule, currency) to amount and number of standing awards; budgets as a whole."""
    amounts, times = Counter(), Counter()
    rows = Transfer.objects.values_list("owner_id", "rule_code", "currency", "amount")
    for owner, code, currency, amount in rows:
        key = "all" if code == "budget" else owner, code, currency
        amounts[key] += amount
        times[key] += (amount > 0) - (amount < 0)
    return {key: (n, None if key[1] in CUT else times[key]) for key, n in amounts.items()}


def die_after_the_commit(**fact):
    """Record a fact in a process that dies before it sends it on."""
    with transaction.atomic():
        row = record(**fact)
        connection.run_on_commit.clear()
    return row


def run(chance, crashing):
    """Record all facts in some order; without chance, quietly and in the order of their time."""
    members = people()
    lines = sorted(facts(), key=lambda line: line[5])
    if chance:
        chance.shuffle(lines)
    for key, number, verb, thing, value, at in lines:
        fact = {"member": members[number], "verb": verb, "object": thing, "value": value}
        fact |= {"key": key, "occurred_at": at}
        fate = chance.randrange(5) if chance else 0
        if fate in (1, 2):
            row = die_after_the_commit(**fact)
            if fate == 2:
                crashing[row.pk] = 2
                dispatch(row)
        else:
            row = record(**fact)
        if fate == 3:
            again(row)
        if fate == 4:
            record(**fact)
            dispatch(row)


def again(row):
    """Hand an activity to every consumer once more, as if its acknowledgement had been lost."""
    fresh = Activity.objects.select_related("member").get(pk=row.pk)
    fresh.is_resent = True
    with transaction.atomic():
        bundle = Bundle()
        consume([fresh], bundle)
        bundle.send()


def settle():
    while Activity.objects.undispatched().exists():
        dispatch_pending()


@pytest.fixture
def quiet_ledger(settings):
    """The ledger where nothing goes wrong, in the order of time; the database is empty again."""
    settings.ACTIVITY_CONSUMERS_RAISE = False
    publish_program(rules=RULES, levels=LEVELS)
    run(None, Counter())
    found = ledger()
    call_command("flush", interactive=False, verbosity=0)
    clean_thread()
    return found


def test_every_kind_of_rule_has_paid(quiet_ledger):
    codes = {code for _whose, code, _currency in quiet_ledger}

    assert codes == {one["code"] for one in RULES} - {"trial"}


@pytest.mark.parametrize("seed", range(4))
def test_ledger_is_the_same_through_crashes_and_in_any_order(seed, quiet_ledger, crashing):
    publish_program(rules=RULES, levels=LEVELS)
    run(random.Random(seed), crashing)

    settle()
    settle()

    assert ledger() == quiet_ledger
    assert verify() == list(replay()) == []


def test_undoing_through_crashes_leaves_nothing(settings, crashing):
    settings.ACTIVITY_CONSUMERS_RAISE = False
    publish_program(rules=RULES, levels=LEVELS)
    chance = random.Random(11)
    run(chance, crashing)
    settle()
    rows = list(Activity.objects.filter(reverses=None).select_related("member"))
    chance.shuffle(rows)

    for number, row in enumerate(rows):
        with transaction.atomic():
            undoing = reverse(row)
            if number % 3 == 0:
                connection.run_on_commit.clear()
        if number % 3 == 1:
            again(undoing)
    settle()

    assert {amount for amount, _times in ledger().values()} == {0}
    assert set(Account.objects.filter(owner_type="member").values_list("balance", flat=True)) == {0}
    assert verify() == list(replay()) == []
