"""Sixty-four at once on everything in the economy that two could want at the same moment.

Each proof has a control: the same crowd with the guard replaced by looking first and writing then
passes the limit on PostgreSQL, so the proofs would fail if the guards did.
"""

import time
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F, Sum
from django.utils import timezone

from badges.models import Account, BadgeAward, BudgetUse, Transfer
from badges.services.books import Book, OverdraftError, balance
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.activity.models import Activity
from portal.activity.services import dispatch, record, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, publish_rule
from tests.races import needs_postgresql, race, without_constraint

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
CROWD = 64
PAUSE = 0.05


def facts_of(members):
    """One call a member, each recording a fact of its own."""
    return [
        lambda member=member, n=n: record(member=member, verb="import.done", key=f"fact-{n}")
        for n, member in enumerate(members)
    ]


def paid():
    return Transfer.objects.filter(amount__gt=0).aggregate(total=Sum("amount"))["total"] or 0


@transaction.atomic
def pay(member, amount=10, kind=Transfer.Kind.ADJUSTMENT):
    """A transfer without a judge."""
    cause = Activity.objects.create(
        member=member,
        verb="import.done",
        key=str(uuid4()),
        occurred_at=timezone.now(),
        local_date=timezone.now().date(),
        dispatched_at=timezone.now(),
    )
    book = Book([member.pk], ["points"])
    transfer = Transfer(
        owner_id=member.pk,
        currency="points",
        kind=kind,
        amount=amount,
        activity=cause,
        counted_at=cause.occurred_at,
    )
    against = Account.Kind.ADJUSTMENT if amount > 0 else Account.Kind.REDEEMED
    book.post(transfer, [(book.purse(member.pk, "points").wallet, amount)], against=against)
    book.write()


def spend(member):
    pay(member, -10, Transfer.Kind.SPEND)


def wallet_of(member):
    return Account.objects.of(member).filter(kind="wallet", currency="points")


def test_crowd_of_facts_stays_within_the_members_limit():
    publish_rule(verb="import.done", amount=10, limit=[{"amount": 95, "per": "day"}])
    member = MemberFactory()

    assert race(facts_of([member] * CROWD)) == []

    assert (paid(), balance(member=member, currency="points")) == (95, 95)
    assert verify() == list(replay()) == []


@needs_postgresql
def test_without_the_members_lock_and_with_a_look_first_the_limit_is_passed():
    member = MemberFactory()

    def look_and_pay():
        with transaction.atomic():
            if paid() < 95:
                time.sleep(PAUSE)
                pay(member)

    assert race([look_and_pay] * CROWD) == []

    assert paid() > 95


def test_crowd_of_members_stays_within_the_budget():
    publish_rule(verb="import.done", amount=10, budget=95)

    assert race(facts_of([MemberFactory() for _ in range(CROWD)])) == []

    assert (paid(), BudgetUse.objects.get().used) == (95, 95)
    assert verify() == list(replay()) == []


@needs_postgresql
def test_without_the_budgets_lock_and_with_a_look_first_the_budget_is_passed():
    BudgetUse.objects.create(rule_code="rule", currency="points")
    members = [MemberFactory() for _ in range(CROWD)]

    def look_and_pay(member):
        with transaction.atomic():
            if BudgetUse.objects.get().used < 95:
                time.sleep(PAUSE)
                BudgetUse.objects.update(used=F("used") + 10)
                pay(member)

    assert race([lambda member=member: look_and_pay(member) for member in members]) == []

    assert paid() > 95


def test_crowd_at_one_wallet_spends_what_it_holds_and_no_more():
    member = MemberFactory()
    pay(member, 105)

    faults = race([lambda: spend(member)] * CROWD)

    assert [type(fault) for fault in faults] == [OverdraftError] * (CROWD - 10)
    assert wallet_of(member).get().balance == 5
    assert verify() == []


@needs_postgresql
def test_without_lock_and_check_and_with_a_look_first_a_wallet_is_overdrawn():
    member = MemberFactory()
    pay(member, 105)

    def look_and_spend():
        with transaction.atomic():
            if wallet_of(member).get().balance >= 10:
                time.sleep(PAUSE)
                wallet_of(member).update(balance=F("balance") - 10)

    with without_constraint(Account, "badges_no_overdraft"):
        faults = race([look_and_spend] * CROWD)
        left = wallet_of(member).get().balance

    assert faults == []
    assert left < 0


def test_crowd_of_awards_for_one_wallet_loses_none():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()

    assert race(facts_of([member] * CROWD)) == []

    assert balance(member=member, currency="points") == 10 * CROWD
    assert verify() == list(replay()) == []


@needs_postgresql
def test_balance_that_is_read_and_written_back_loses_awards():
    member = MemberFactory()
    pay(member)

    def read_and_write_back():
        wallet = wallet_of(member).get()
        time.sleep(PAUSE)
        wallet.balance += 10
        wallet.save(update_fields=["balance"])

    assert race([read_and_write_back] * CROWD) == []

    assert wallet_of(member).get().balance < 10 * (CROWD + 1)
    assert [problem.invariant for problem in verify()][:1] == ["I4"]


def test_crowd_that_takes_one_fact_back_reverses_it_once():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()
    pay(member, 100)
    fact = record(member=member, verb="import.done")

    assert race([lambda: reverse(fact)] * CROWD) == []

    assert balance(member=member, currency="points") == 100
    assert Transfer.objects.filter(kind=Transfer.Kind.REVERSAL).count() == 1
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_one_fact_is_taken_back_often():
    publish_rule(verb="import.done", amount=10)
    member = MemberFactory()
    fact = record(member=member, verb="import.done")

    def look_and_reverse():
        if Activity.objects.filter(reverses=fact).exists():
            return
        time.sleep(PAUSE)
        with transaction.atomic():
            row = Activity.objects.create(
                member=member,
                verb=fact.verb,
                key=str(uuid4()),
                occurred_at=timezone.now(),
                local_date=fact.local_date,
                reverses=fact,
                origin=fact,
                depth=1,
            )
        dispatch(row)

    with without_constraint(Activity, "activity_is_reversed_once"):
        faults = race([look_and_reverse] * CROWD)
        reversals = Activity.objects.filter(reverses=fact).count()

    assert faults == []
    assert reversals > 1


def test_crowd_that_makes_a_badge_due_gets_it_once():
    criterion = {"count": {"verb": "import.done"}, "at_least": 1}
    publish_program(badges=[badge("first", criterion)])

    assert race(facts_of([MemberFactory()] * CROWD)) == []

    assert BadgeAward.objects.count() == 1
    assert verify() == []


@needs_postgresql
def test_without_constraint_and_with_a_look_first_a_badge_is_given_often():
    member = MemberFactory()
    fact = record(member=member, verb="import.done")
    award = {"owner_id": member.pk, "badge_code": "first"}

    def look_and_give():
        if not BadgeAward.objects.filter(**award).exists():
            time.sleep(PAUSE)
            BadgeAward.objects.create(**award, activity=fact, awarded_at=fact.occurred_at)

    with without_constraint(BadgeAward, "badges_given_once"):
        faults = race([look_and_give] * CROWD)
        given = BadgeAward.objects.count()

    assert faults == []
    assert given > 1
