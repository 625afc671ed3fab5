from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.models import Account, ExpiryMonth, ExpiryWarning, ProgramVersion, Transfer
from badges.program.problems import ProgramError
from badges.program.schema import EMPTY_PROGRAM
from badges.services.adjusting import adjust
from badges.services.books import balance
from badges.services.expiring import coming_expiries, expire_all
from badges.services.fulfilling import return_redemption
from badges.services.lots import split
from badges.services.past import apply_to_past, undo_application
from badges.services.redeeming import cancel_redemption
from badges.services.replaying import replay
from badges.services.stretches import stretch_of
from badges.services.verification import verify
from portal.activity.services import record, restore, reverse
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.rewards import bought, make_reward
from tests.factories.staff import staff_with

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
DAY_ONE = datetime(2026, 1, 1, 9, tzinfo=UTC)
EXPIRES = {"after": 100, "warn": 10, "grace": 20}


def programme(expires=EXPIRES, **more):
    points = {**EMPTY_PROGRAM["currencies"]["points"]}
    if expires:
        points["expires"] = expires
    currencies = {**EMPTY_PROGRAM["currencies"], "points": points}
    rules = [rule(verb="import.earned", award={"currency": "points", "per_value": 1})]
    return publish_program(rules=rules, currencies=currencies, **more)


@pytest.fixture
def clock():
    with time_machine.travel(DAY_ONE, tick=False) as traveller:
        programme()
        yield lambda day: traveller.move_to(DAY_ONE + timedelta(days=day))


def earn(member, amount):
    return record(member=member, verb="import.earned", value=amount, key=str(uuid4()))


def nightly(clock, *days):
    for day in days:
        clock(day)
        expire_all()


def points(member):
    return balance(member=member, currency="points")


def coming(member):
    _version, program = ProgramVersion.objects.current()
    return [
        ((lot.expires - DAY_ONE.date()).days, lot.amount)
        for _code, lot in coming_expiries(member, program)
    ]


def expired(member):
    return -sum(Transfer.objects.of(member).filter(kind="expiry").values_list("amount", flat=True))


def clean():
    return verify() == [] and list(replay()) == []


def test_oldest_points_expire_first_and_what_was_spent_is_theirs(clock):
    member, reward = MemberFactory(), make_reward(price=60)
    earn(member, 100)
    clock(5)
    earn(member, 30)
    clock(50)
    bought(reward, member)

    assert coming(member) == [(100, 40), (105, 30)]
    nightly(clock, 90, 99)
    assert points(member) == 70
    nightly(clock, 100)
    assert (points(member), expired(member)) == (30, 40)
    nightly(clock, 105)
    assert (points(member), expired(member)) == (0, 70)
    assert clean()


def test_a_second_run_on_the_same_day_adds_nothing(clock):
    member = MemberFactory()
    earn(member, 100)

    nightly(clock, 90, 90, 100, 100)

    assert Notice.objects.filter(kind="badges.expiring").count() == 1
    assert Transfer.objects.filter(kind="expiry").count() == 1
    assert expire_all() == {"warned": 0, "expired": 0}


def test_transfer_goes_to_the_account_expired_and_names_its_activity(clock):
    member = MemberFactory()
    earn(member, 100)

    nightly(clock, 90, 100)

    transfer = Transfer.objects.get(kind="expiry")
    sides = {entry.account.kind: entry.amount for entry in transfer.entries.all()}
    assert sides == {"wallet": -100, "expired": 100}
    assert (transfer.activity.verb, transfer.activity.value) == ("badges.lot_expired", 100)


def test_members_are_warned_some_days_before_in_words(clock, client):
    member = MemberFactory()
    earn(member, 100)
    clock(15)
    earn(member, 20)

    nightly(clock, 89)
    assert not Notice.objects.filter(kind="badges.expiring").exists()
    nightly(clock, 90)

    client.force_login(member)
    said = client.get("/notifications/").content.decode()
    assert "100 points expire on April 11, 2026" in said
    nightly(clock, 91, 95, 99)
    assert Notice.objects.filter(kind="badges.expiring").count() == 1


def test_one_warning_covers_everything_that_follows_soon(clock, client):
    member = MemberFactory()
    for day in (0, 4, 8, 15):
        clock(day)
        earn(member, 10)

    nightly(clock, *range(85, 130))

    assert Notice.objects.filter(kind="badges.expiring").count() == 2
    assert (points(member), expired(member)) == (0, 40)
    client.force_login(member)
    said = client.get("/notifications/").content.decode()
    assert "30 points expire between April 11, 2026 and April 19, 2026" in said


def test_nothing_goes_unannounced_where_an_expiry_is_new(clock):
    programme(expires=None)
    member = MemberFactory()
    earn(member, 100)
    nightly(clock, 300)
    assert coming(member) == []

    programme()

    assert coming(member) == [(310, 100)]
    nightly(clock, 301, 310)
    assert points(member) == 100
    nightly(clock, 311)
    assert points(member) == 0


def test_nothing_goes_unannounced_where_an_expiry_becomes_shorter(clock):
    programme(expires={**EXPIRES, "after": 200})
    member = MemberFactory()
    earn(member, 100)
    clock(60)
    earn(member, 50)
    nightly(clock, 190)

    programme()
    nightly(clock, 195)

    nightly(clock, 204)
    assert points(member) == 150
    nightly(clock, 205)
    assert points(member) == 0


def test_a_late_run_makes_up_for_the_nights_before(clock):
    member = MemberFactory()
    earn(member, 100)

    nightly(clock, 92, 115)

    assert points(member) == 0


def test_a_reversal_takes_from_what_it_gave(clock):
    member = MemberFactory()
    earn(member, 100)
    clock(20)
    late = earn(member, 40)
    clock(30)
    undone = reverse(late)

    assert coming(member) == [(100, 100)]
    clock(40)
    restore(undone)
    assert coming(member) == [(100, 100), (120, 40)]
    nightly(clock, 90, 100)
    assert points(member) == 40
    assert clean()


def test_a_reversal_of_what_has_expired_takes_what_is_there(clock):
    member = MemberFactory()
    old = earn(member, 100)
    clock(50)
    earn(member, 30)
    nightly(clock, 90, 100)

    reverse(old)

    debt = Account.objects.of(member).get(kind="debt", currency="points")
    assert (points(member), debt.balance) == (0, -70)
    assert coming(member) == []
    assert clean()


def test_cancelling_a_redemption_does_not_make_points_young_again(clock):
    member, reward = MemberFactory(), make_reward(price=60)
    earn(member, 100)
    clock(90)

    cancel_redemption(redemption=bought(reward, member), member=member)

    assert coming(member) == [(100, 100)]


def test_what_the_team_returns_begins_anew(clock):
    member, reward = MemberFactory(), make_reward(price=60)
    earn(member, 100)
    redemption = bought(reward, member)
    clock(90)

    staff = staff_with("badges.manage_reward")
    return_redemption(redemption=redemption, staff=staff, reason="Broken.")

    assert coming(member) == [(100, 40), (190, 60)]


def test_held_points_begin_when_they_are_released(clock, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    member = MemberFactory(verified=False)
    earn(member, 100)
    assert coming(member) == []
    clock(30)

    EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
    record(member=member, verb="accounts.email_verified", object=f"member:{member.pk}")

    assert coming(member) == [(130, 100)]


def test_points_for_the_past_begin_when_they_are_given_and_go_with_their_application(clock):
    programme(expires=EXPIRES)
    version = publish_program()
    member = MemberFactory()
    record(member=member, verb="import.earned", value=50, key="early")
    clock(60)
    version = programme()
    _pk, program = ProgramVersion.objects.current()

    application = apply_to_past(version=version, program=program, stretch=stretch_of(program))
    assert coming(member) == [(160, 50)]

    clock(70)
    undo_application(application=application, by=None, reason="A slip.")
    assert coming(member) == []
    assert clean()


def reinstate(member, amount):
    return adjust(
        member=member,
        currency="points",
        amount=amount,
        reason="expired",
        notes={"en": "You were ill."},
        by=staff_with("badges.adjust_points"),
        key=uuid4(),
    )


def test_expired_points_are_given_back_within_the_time_of_grace(clock):
    member = MemberFactory()
    earn(member, 100)
    nightly(clock, 90, 100)
    clock(119)

    reinstate(member, 70)
    with pytest.raises(ValidationError) as refused:
        reinstate(member, 31)

    assert refused.value.messages == [
        "Of what has expired lately, 30 points may still be given back."
    ]
    assert (points(member), coming(member)) == (70, [(219, 70)])
    clock(125)
    with pytest.raises(ValidationError):
        reinstate(member, 30)
    assert clean()


def test_nothing_is_given_back_of_what_does_not_expire(clock):
    programme(expires=None)

    with pytest.raises(ValidationError):
        reinstate(MemberFactory(), 1)


def test_page_says_what_expires_when(clock, client):
    member = MemberFactory()
    for day in range(8):
        clock(day)
        earn(member, 10 + day)
    client.force_login(member)

    said = " ".join(client.get("/points/").content.decode().split())

    assert "What expires when" in said
    assert "10 points expire on April 11, 2026." in said
    assert "17 points expire on April 18, 2026." in said


def test_page_is_silent_where_nothing_expires(client):
    publish_program()
    client.force_login(MemberFactory())

    assert "What expires when" not in client.get("/points/").content.decode()


def test_every_night_counts_what_goes_in_which_month(clock, client):
    earn(MemberFactory(), 30)
    clock(40)
    earn(MemberFactory(), 20)

    nightly(clock, 41)
    assert months() == {(2026, 4): 30, (2026, 5): 20}
    nightly(clock, 95, 106)
    assert months() == {(2026, 5): 20}

    client.force_login(staff_with("badges.manage_program"))
    html = client.get("/cms/programme/costs/").content.decode()
    assert "<td>May 2026</td>" in html
    assert "20 points" in html


def months():
    rows = ExpiryMonth.objects.values_list("month", "amount")
    return {(month.year, month.month): amount for month, amount in rows}


@pytest.mark.parametrize("members", [1, 3])
def test_the_nightly_look_asks_as_much_for_one_member_as_for_three(
    clock, django_assert_num_queries, members
):
    for _ in range(members):
        earn(MemberFactory(), 10)

    with django_assert_num_queries(10):
        expire_all()


def test_what_cannot_be_spent_does_not_expire():
    currencies = {**EMPTY_PROGRAM["currencies"]}
    currencies["experience"] = {**currencies["experience"], "expires": {"after": 10}}

    with pytest.raises(ProgramError) as refused:
        publish_program(currencies=currencies)

    assert "what cannot be spent does not expire" in str(refused.value)


def test_warnings_are_kept_once_a_day(clock):
    earn(MemberFactory(), 10)

    nightly(clock, 90)

    row = ExpiryWarning.objects.get()
    assert (row.warned_on, row.until) == (date(2026, 4, 1), date(2026, 4, 21))


class Purse:
    """Lots one by one, as a member would keep them in envelopes."""

    def __init__(self):
        self.lots = []

    def credit(self, day, amount):
        self.lots.append([day, amount])

    def spend(self, amount):
        used = []
        for lot in self.lots:
            part = min(lot[1], amount)
            lot[1] -= part
            amount -= part
            used.append((lot, part))
        return used

    def reverse(self, number, amount):
        """Take an award back: from its own lot, then from the oldest."""
        own = min(self.lots[number][1], amount)
        self.lots[number][1] -= own
        self.spend(amount - own)

    @property
    def balance(self):
        return sum(amount for _day, amount in self.lots)

    def by_day(self):
        sums = defaultdict(int)
        for day, amount in self.lots:
            sums[day] += amount
        return sorted((day, amount) for day, amount in sums.items() if amount)


STEPS = st.lists(
    st.tuples(st.sampled_from(["credit", "spend", "turn"]), st.integers(0, 5), st.integers(1, 50)),
    max_size=30,
)


@pytest.mark.parametrize("turn", ["reverse", "cancel"])
@settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_lots_derived_from_sums_are_those_kept_one_by_one(turn, steps):
    purse, credits, spent, undone = Purse(), defaultdict(int), [], set()
    amounts, today = [], date(2026, 1, 1)
    for kind, number, amount in steps:
        today += timedelta(days=number % 2)
        if kind == "credit":
            purse.credit(today, amount)
            amounts.append(amount)
            credits[today] += amount
        elif kind == "spend":
            spent.append(purse.spend(min(amount, purse.balance)))
        elif turn == "cancel" and spent:
            for lot, part in spent.pop():
                lot[1] += part
        elif turn == "reverse" and number < len(amounts) and number not in undone:
            undone.add(number)
            taken = min(amounts[number], purse.balance)
            purse.reverse(number, taken)
            credits[purse.lots[number][0]] -= taken

    derived = split(purse.balance, credits)

    assert derived == purse.by_day()
