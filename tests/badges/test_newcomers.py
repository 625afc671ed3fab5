"""What rules keep back of newcomers: the first points are theirs, the rest waits."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError

from badges.models import Account, Hold, Transfer
from badges.program.details import rule_gates
from badges.program.schema import Rule
from badges.services.books import balance
from badges.services.history import history_page
from badges.services.releasing import end_holds
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.accounts.services.members import confirm_email
from portal.activity.registry import verb_label
from portal.activity.services import record, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.rewards import bought, make_reward

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
GATE = {"newcomers": {"days": 7, "beyond": 20}}


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda days: traveller.move_to(START + timedelta(days=days))


@pytest.fixture(autouse=True)
def program():
    both = [{"currency": "points", "amount": 10}, {"currency": "experience", "amount": 10}]
    publish_program(
        rules=[
            rule("gated", "import.gated", award=both, hold=GATE),
            rule("free", "import.free", 10),
        ]
    )


def newcomer(**more):
    return MemberFactory(date_joined=START, **more)


def work(member, *keys, verb="import.gated"):
    return [record(member=member, verb=verb, object="task:1", key=key) for key in keys]


def held(member, currency="points"):
    rows = Account.objects.of(member).filter(kind="held", currency=currency)
    return sum(rows.values_list("balance", flat=True))


def amounts(member):
    return balance(member=member, currency="points"), held(member)


def prove(member):
    EmailAddress.objects.create(user=member, email=member.email, verified=True)
    confirm_email(member=member)


def is_clean():
    return verify() == [] and list(replay()) == []


def test_first_points_come_at_once_and_the_rest_after_the_days(clock):
    member = newcomer()
    work(member, "a", "b", "c", "d")
    assert amounts(member) == (20, 20)
    assert balance(member=member, currency="experience") == 40

    clock(6.9)
    assert end_holds() == 0
    clock(7)
    assert (end_holds(), end_holds()) == (2, 0)

    assert amounts(member) == (40, 0)
    assert is_clean()


def test_who_joined_long_ago_is_paid_at_once(clock):
    member = newcomer()
    clock(7)

    work(member, "a", "b", "c")

    assert amounts(member) == (30, 0)


def test_rules_without_the_gate_pay_newcomers_and_count_towards_it(clock):
    member = newcomer()
    work(member, "a", "b", "c", verb="import.free")

    work(member, "d")

    assert amounts(member) == (30, 10)


def test_spending_the_first_points_makes_no_room_for_more(clock):
    """Else a script would earn and spend the first points again and again."""
    member = newcomer()
    work(member, "a")
    bought(make_reward(price=5), member)

    work(member, "b")

    assert amounts(member) == (5, 10)


def test_time_alone_does_not_pay_out_without_a_verified_address(clock):
    member = newcomer(verified=False)
    work(member, "a", "b", "c", "d")
    assert amounts(member) == (20, 20)

    clock(30)
    assert end_holds() == 0
    prove(member)
    assert end_holds() == 2

    assert amounts(member) == (40, 0)
    assert is_clean()


def test_verifying_alone_does_not_pay_out_before_the_days(clock):
    member = newcomer(verified=False)
    work(member, "a", "b", "c")

    prove(member)
    assert end_holds() == 0
    assert amounts(member) == (20, 10)
    clock(7)
    assert end_holds() == 1

    assert amounts(member) == (30, 0)


def test_who_never_verifies_waits_however_long_they_are_here(clock):
    member = newcomer(verified=False)
    clock(400)

    work(member, "a", "b", "c")

    assert amounts(member) == (20, 10)
    assert end_holds() == 0


def test_where_everything_is_held_verifying_frees_the_first_points_only(clock, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    member = newcomer(verified=False)
    work(member, "a", "b", "c", "d")
    assert amounts(member) == (0, 40)

    prove(member)
    assert amounts(member) == (20, 20)
    clock(7)
    end_holds()

    assert amounts(member) == (40, 0)
    assert is_clean()


def test_what_is_removed_in_time_is_never_paid(clock):
    member = newcomer()
    facts = work(member, "a", "b", "c")

    reverse(facts[-1])
    clock(7)

    assert end_holds() == 0
    assert amounts(member) == (20, 0)
    assert Hold.objects.open().count() == 0
    assert is_clean()


def test_history_says_what_is_waited_for(clock):
    member, stranger = newcomer(), newcomer(verified=False)
    for one in (member, stranger):
        work(one, *(f"{one.pk}-{n}" for n in range(3)))

    said = [
        history_page(member=one, currency="points", before=None)[0][0].held
        for one in (member, stranger)
    ]

    assert said == [
        "held until Jan. 8, 2026, 9 a.m.",
        "held until Jan. 8, 2026, 9 a.m., and until your address is verified",
    ]


def test_rule_says_the_gate_in_words():
    gated = Rule.model_validate(rule("gated", ["import.gated"], hold=GATE))

    assert list(rule_gates(gated, verb_label)) == [
        "of newcomers kept back beyond 20 points, for 7 days and until their address is verified"
    ]


@pytest.mark.parametrize(
    ("hold", "days"),
    [({"hours": 2}, 7), ({"hours": 240}, 10), ({"until": "import.seen"}, None)],
)
def test_of_two_times_the_later_holds_and_what_was_seen_is_free(clock, hold, days):
    publish_program(rules=[rule("both", "import.gated", 30, hold={**hold, **GATE})])
    work(newcomer(), "a")

    due = START + timedelta(days=days) if days else None
    assert Hold.objects.get().due_at == due


def test_established_members_wait_for_the_hours_alone(clock):
    publish_program(rules=[rule("both", "import.gated", 30, hold={"hours": 2, **GATE})])
    work(MemberFactory(date_joined=START - timedelta(days=90)), "a")

    assert Hold.objects.get().due_at == START + timedelta(hours=2)


def test_transfers_stay_whole_when_nobody_may_buy(clock, settings):
    settings.REDEEMING_NEEDS_ADDRESS = True
    member = newcomer(verified=False)
    work(member, "a", "b")

    with pytest.raises(ValidationError, match="Confirm your email address first"):
        bought(make_reward(price=20), member)

    assert amounts(member) == (20, 0)
    assert not Transfer.objects.filter(kind="spend").exists()
