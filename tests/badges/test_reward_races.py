import time
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from badges.models import Account, Redemption, Reward, RewardCode, RewardUse
from badges.services.books import balance
from badges.services.fulfilling import return_redemption
from badges.services.redeeming import cancel_redemption, redeem
from badges.services.verification import verify
from portal.activity.models import Activity
from tests.factories.rewards import bought, make_pool, make_reward, rich_member
from tests.factories.staff import staff_with
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CLIENTS = 64


def refusals(faults):
    """The words of what was refused; anything else went wrong."""
    assert [fault for fault in faults if not isinstance(fault, ValidationError)] == []
    return {fault.messages[0] for fault in faults}


def test_the_last_piece_goes_to_one_of_many_members():
    members, reward = [rich_member(100) for _ in range(CLIENTS)], make_reward(stock=1)

    faults = race([lambda m=member: bought(reward, m) for member in members])

    reward.refresh_from_db()
    assert refusals(faults) == {"There are none left at the moment."}
    assert (Redemption.objects.count(), reward.taken, len(faults)) == (1, 1, CLIENTS - 1)
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_the_last_piece_goes_to_many():
    reward = make_reward(stock=1)
    sold = []

    def look_and_take():
        with transaction.atomic():
            fresh = Reward.objects.get(pk=reward.pk)
            if fresh.taken >= fresh.stock:
                return
            time.sleep(0.05)
            Reward.objects.filter(pk=reward.pk).update(taken=fresh.taken + 1)
            sold.append(1)

    with without_constraint(Reward, "badges_reward_within_stock"):
        faults = race([look_and_take] * CLIENTS)

    assert faults == []
    assert len(sold) > 1


def test_a_hot_wallet_pays_for_no_more_than_it_holds():
    member, rewards = rich_member(500), [make_reward(price=100) for _ in range(8)]

    faults = race([lambda n=n: bought(rewards[n % 8], member) for n in range(CLIENTS)])

    assert refusals(faults) == {"100 points to go"}
    assert (Redemption.objects.count(), balance(member=member, currency="points")) == (5, 0)
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_a_wallet_pays_more_than_it_holds():
    member = rich_member(500)
    wallet = Account.objects.of(member).get(currency="points", kind="wallet")
    paid = []

    def look_and_pay():
        with transaction.atomic():
            if Account.objects.get(pk=wallet.pk).balance < 100:
                return
            time.sleep(0.05)
            held = Account.objects.get(pk=wallet.pk).balance
            Account.objects.filter(pk=wallet.pk).update(balance=held - 100)
            paid.append(100)

    with without_constraint(Account, "badges_no_overdraft"):
        faults = race([look_and_pay] * CLIENTS)

    assert faults == []
    assert sum(paid) > 500


def test_every_code_of_a_pool_goes_to_one_member():
    members = [rich_member(100) for _ in range(CLIENTS)]
    reward = make_pool("AAA", "BBB", "CCC", "DDD", "EEE")

    faults = race([lambda m=member: bought(reward, m) for member in members])

    given = RewardCode.objects.exclude(redemption=None).values_list("redemption", flat=True)
    assert refusals(faults) == {"There are none left at the moment."}
    assert sorted(given) == sorted(Redemption.objects.values_list("pk", flat=True))
    assert len(given) == 5
    assert verify() == []


@needs_postgresql
def test_with_a_look_first_a_code_goes_to_many():
    reward = make_pool("AAA")
    shown = []

    def look_and_take():
        with transaction.atomic():
            code = RewardCode.objects.free().filter(reward=reward).first()
            time.sleep(0.05)
            if code:
                RewardCode.objects.filter(pk=code.pk).update(added_at=code.added_at)
                shown.append(code.text)

    faults = race([look_and_take] * CLIENTS)

    assert faults == []
    assert shown.count("AAA") > 1


def test_a_member_gets_no_more_than_the_limit():
    member, reward = rich_member(10_000), make_reward(price=10, limit_per_member=3)

    faults = race([lambda: bought(reward, member)] * CLIENTS)

    assert refusals(faults) == {"You have had it 3 times, as often as each member may."}
    assert (Redemption.objects.count(), RewardUse.objects.get().times) == (3, 3)
    assert verify() == []


@needs_postgresql
def test_with_a_look_first_a_member_gets_more_than_the_limit():
    member, reward = rich_member(10_000), make_reward(price=10, limit_per_member=3)
    got = []

    def look_and_count():
        with transaction.atomic():
            use = RewardUse.objects.get(reward=reward, owner_id=member.pk)
            if use.times >= reward.limit_per_member:
                return
            time.sleep(0.05)
            RewardUse.objects.filter(pk=use.pk).update(times=use.times + 1)
            got.append(1)

    RewardUse.objects.create(reward=reward, owner_id=member.pk)
    faults = race([look_and_count] * CLIENTS)

    assert faults == []
    assert len(got) > 3


def test_one_form_sent_many_times_redeems_once():
    member, reward, key = rich_member(10_000), make_reward(price=10), uuid4()
    ask = {"reward": reward, "member": member, "price": 10, "key": key}

    faults = race([lambda: redeem(**ask)] * CLIENTS)

    assert faults == []
    assert (Redemption.objects.count(), balance(member=member, currency="points")) == (1, 9_990)
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_one_form_redeems_often():
    member, reward, key = rich_member(10_000), make_reward(price=10), uuid4()
    fact = Activity.objects.get()

    def look_and_buy():
        with transaction.atomic():
            if Redemption.objects.filter(key=key).exists():
                return
            time.sleep(0.05)
            copy = Activity.objects.create(
                member=member,
                verb=fact.verb,
                key=str(uuid4()),
                occurred_at=fact.occurred_at,
                local_date=fact.local_date,
            )
            Redemption.objects.create(
                reward=reward,
                member=member,
                key=key,
                activity=copy,
                currency="points",
                price=10,
                redeemed_at=fact.occurred_at,
            )

    with without_constraint(Redemption, "badges_form_redeems_once"):
        faults = race([look_and_buy] * CLIENTS)
        bought_often = Redemption.objects.count()

    assert faults == []
    assert bought_often > 1


def test_a_redemption_ends_once_whoever_is_faster():
    member, reward = rich_member(100), make_reward(stock=1)
    redemption, staff = bought(reward, member), staff_with("badges.manage_reward")

    def back():
        cancel_redemption(redemption=Redemption.objects.get(pk=redemption.pk), member=member)

    def returned():
        row = Redemption.objects.get(pk=redemption.pk)
        return_redemption(redemption=row, staff=staff, reason="Broken.")

    faults = race([back, returned] * (CLIENTS // 2))

    reward.refresh_from_db()
    assert faults == []
    assert (balance(member=member, currency="points"), reward.taken) == (100, 0)
    assert verify() == []


@needs_postgresql
def test_the_constraint_alone_stops_an_oversold_stock():
    make_reward(stock=1, taken=1)

    with pytest.raises(IntegrityError):
        Reward.objects.update(taken=2)
