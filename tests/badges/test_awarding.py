from datetime import UTC, datetime, timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.db.models import Sum
from django.test import TestCase

from badges.models import Account, BadgeAward, Claim, Entry, Refusal, Transfer
from badges.services.books import balance
from badges.services.verification import verify
from community.services.ideas import bring_back_idea, post_idea, withdraw_idea
from community.services.votes import cast_vote, withdraw_vote
from portal.activity.services import dispatch, record, restore, reverse
from tests.badges.counts import award_statements
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, publish_rule, rule, text
from tests.factories.rewards import bought, make_reward

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def points(member):
    return balance(member=member, currency="points")


def test_posting_an_idea_earns_points_once(member):
    publish_rule(amount=10)

    idea = post_idea(author=member, title="Bike racks", body="By the gate.")
    dispatch(member.activities.get(object=f"idea:{idea.pk}"))

    assert points(member) == 10
    assert Transfer.objects.count() == 1
    assert verify() == []


def test_withdrawing_an_idea_reverses_its_points_once_and_bringing_it_back_restores_them(member):
    publish_rule(amount=10)
    idea = post_idea(author=member, title="Bike racks")

    withdraw_idea(idea=idea, member=member)
    withdraw_idea(idea=idea, member=member)
    assert points(member) == 0
    bring_back_idea(idea=idea, member=member)

    assert points(member) == 10
    assert [t.amount for t in Transfer.objects.order_by("pk")] == [10, -10, 10]
    assert verify() == []


def test_withdrawn_vote_takes_back_what_both_sides_earned(member):
    publish_program(
        rules=[
            rule("vote-cast", "community.vote_cast", 2),
            rule("vote-received", "community.vote_received", 5),
        ]
    )
    author = MemberFactory()
    idea = post_idea(author=author, title="Bike racks")

    cast_vote(idea=idea, member=member)
    assert (points(member), points(author)) == (2, 5)
    withdraw_vote(idea=idea, member=member)
    assert (points(member), points(author)) == (0, 0)
    cast_vote(idea=idea, member=member)

    assert (points(member), points(author)) == (2, 5)
    idea.refresh_from_db()
    assert idea.score == 1


def test_reversal_beyond_the_wallet_becomes_debt_that_the_next_award_repays(member):
    publish_rule(amount=10)
    idea = post_idea(author=member, title="Bike racks")
    wallet = Account.objects.of(member).get(currency="points", kind="wallet")
    bought(make_reward(price=7), member)

    withdraw_idea(idea=idea, member=member)

    wallet.refresh_from_db()
    debt = Account.objects.of(member).get(currency="points", kind="debt")
    assert (wallet.balance, debt.balance) == (0, -7)
    post_idea(author=member, title="Benches")
    assert points(member) == 3
    assert verify() == []


@pytest.mark.parametrize(
    ("once_per", "objects", "expected"),
    [
        ("activity", ["a:1", "a:1", "a:2"], 30),
        ("object", ["a:1", "a:1", "a:2"], 20),
        ("member", ["a:1", "a:2", "a:3"], 10),
        ("day", ["a:1", "a:2", "a:3"], 10),
        ("object", ["", ""], 0),
    ],
)
def test_once_per_pays_each_place_once(member, once_per, objects, expected):
    publish_rule(verb="import.done", once_per=once_per)

    for number, object in enumerate(objects):
        record(member=member, verb="import.done", object=object, occurred_at=NOON, key=f"k{number}")

    assert points(member) == expected


def test_released_place_is_free_for_the_next_and_no_longer_for_the_first(member):
    publish_rule(verb="import.done", once_per="day")
    first = record(member=member, verb="import.done", occurred_at=NOON, key="first")
    reverse(first)
    record(member=member, verb="import.done", occurred_at=NOON, key="second")

    restore(first)

    assert points(member) == 10
    assert Claim.objects.filter(released_at=None).count() == 1
    assert verify() == []


def test_limit_cuts_the_award_to_what_is_left_and_then_refuses_with_the_time(member):
    publish_rule(verb="import.done", amount=40, limit=[{"amount": 100, "per": "day"}])

    for number in range(4):
        record(member=member, verb="import.done", occurred_at=NOON, key=str(number))

    assert [t.amount for t in Transfer.objects.order_by("pk")] == [40, 40, 20]
    refusal = Refusal.objects.get()
    assert (refusal.reason, refusal.again_at) == ("limit", datetime(2026, 3, 3, tzinfo=UTC))


def test_budget_is_never_passed_and_a_reversal_gives_it_back(member):
    publish_rule(verb="import.done", amount=40, budget=100)
    facts = [record(member=MemberFactory(), verb="import.done", key=str(n)) for n in range(4)]

    reverse(facts[0])
    record(member=member, verb="import.done", key="late")

    assert points(member) == 40
    assert Transfer.objects.aggregate(total=Sum("amount"))["total"] == 100
    assert verify() == []


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ({"value": {"at_least": 2}}, 10),
        ({"value": {"equals": 3}}, 0),
        ({"object": {"prefix": "post:"}}, 10),
        ({"object": {"prefix": "idea:"}}, 0),
        ({"member": {"role": ["member"]}}, 10),
        ({"member": {"role": ["editor"]}}, 0),
        ({"first_time": True}, 10),
        ({"first_time": False}, 0),
    ],
)
def test_rule_pays_only_where_its_conditions_hold(member, when, expected):
    publish_rule(verb="import.done", when=when)

    record(member=member, verb="import.done", object="post:1", value=2)

    assert points(member) == expected


def test_badge_is_given_when_its_criterion_is_met_and_stays_after_a_reversal(member):
    publish_program(badges=[badge("three", {"count": {"verb": "import.done"}, "at_least": 3})])
    facts = [record(member=member, verb="import.done", key=str(n)) for n in range(2)]
    assert not BadgeAward.objects.exists()

    facts.append(record(member=member, verb="import.done", key="2"))
    reverse(facts[0])

    assert BadgeAward.objects.get().badge_code == "three"


def test_repeatable_badge_is_given_once_for_each_object(member):
    criterion = {"sum": {"verb": "import.voted", "per": "object"}, "at_least": 2}
    publish_program(badges=[badge("nice", criterion, repeatable=True)])

    for number, object in enumerate(["p:1", "p:1", "p:1", "p:2", "p:2"]):
        record(member=member, verb="import.voted", object=object, key=str(number))

    assert sorted(BadgeAward.objects.values_list("object", flat=True)) == ["p:1", "p:2"]


def test_badge_of_badges_and_balance_follow_in_the_same_activity(member):
    publish_program(
        rules=[rule("done", "import.done", 50)],
        badges=[
            badge("both", {"all": [{"badge": "rich"}, {"badge": "did"}]}),
            badge("rich", {"balance": "points", "at_least": 50}),
            badge("did", {"count": {"verb": "import.done"}, "at_least": 1}),
        ],
    )

    record(member=member, verb="import.done")

    assert sorted(BadgeAward.objects.values_list("badge_code", flat=True)) == [
        "both",
        "did",
        "rich",
    ]


def test_release_of_held_points_gives_the_badges_that_it_makes_due(member, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    publish_program(
        rules=[rule("done", "import.done", 50)],
        badges=[badge("rich", {"balance": "points", "at_least": 50})],
    )
    newcomer = MemberFactory(verified=False)
    record(member=newcomer, verb="import.done")
    assert (points(newcomer), BadgeAward.objects.count()) == (0, 0)

    EmailAddress.objects.create(user=newcomer, email=newcomer.email, verified=True)
    record(member=newcomer, verb="accounts.email_verified")

    assert (points(newcomer), BadgeAward.objects.get().badge_code) == (50, "rich")
    assert verify() == []


def test_member_who_was_read_before_the_address_was_verified_earns_into_the_wallet(db, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    publish_rule(verb="import.done")
    newcomer = MemberFactory(verified=False)
    assert not newcomer.is_verified
    EmailAddress.objects.create(user=newcomer, email=newcomer.email, verified=True)

    with TestCase.captureOnCommitCallbacks(execute=True):
        record(member=newcomer, verb="import.done")

    assert points(newcomer) == 10


def test_streak_counts_days_in_a_row_in_the_members_zone(member):
    criterion = {"streak": {"verb": "import.done", "grace": 1}, "at_least": 3}
    publish_program(badges=[badge("streak", criterion)])
    late_evening = datetime(2026, 3, 1, 21, 30, tzinfo=UTC)  # 00:30 on 2 March in Istanbul

    record(member=member, verb="import.done", key="1", occurred_at=late_evening)
    record(member=member, verb="import.done", key="2", occurred_at=NOON + timedelta(days=1))
    assert not BadgeAward.objects.exists()
    record(member=member, verb="import.done", key="3", occurred_at=NOON + timedelta(days=3))

    assert BadgeAward.objects.count() == 1


def test_level_follows_experience_and_is_told(member):
    levels = [
        {"code": "new", "name": text("New"), "experience": 0},
        {"code": "explorer", "name": text("Explorer"), "experience": 10},
    ]
    publish_program(rules=[rule("done", "import.done", currency="experience")], levels=levels)

    record(member=member, verb="import.done")

    notice = member.notices.get()
    assert notice.payload["level"] == "explorer"


def test_history_can_be_neither_changed_nor_deleted(member):
    publish_rule(amount=10)
    post_idea(author=member, title="Bike racks")

    for rows in (Transfer.objects.all(), Entry.objects.all(), member.activities.all()):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(id=0)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows._raw_delete(connection.alias)


def test_verification_names_a_balance_that_is_not_its_sum(member):
    publish_rule(amount=10)
    post_idea(author=member, title="Bike racks")

    Account.objects.of(member).filter(kind="wallet").update(balance=9)

    assert [problem.invariant for problem in verify()] == ["I4"]


def test_undoing_what_paid_nothing_is_judged_beside_badges_for_balances(member):
    rich = badge("rich", {"balance": "points", "at_least": 50})
    publish_program(rules=[rule("other", "import.other", 50)], badges=[rich])
    fact = record(member=member, verb="import.done")

    undone = reverse(fact)

    undone.refresh_from_db()
    assert undone.dispatched_at is not None
    assert not BadgeAward.objects.exists()


@pytest.mark.parametrize("others", [1, 200])
def test_award_takes_the_same_statements_among_any_number_of_rules(
    member, others, django_assert_num_queries
):
    unconcerned = [rule(f"other-{n}", f"import.other_{n}") for n in range(others)]
    publish_program(rules=[rule("walk", "import.walked"), *unconcerned])
    record(member=member, verb="import.walked", object="a:1")

    with django_assert_num_queries(award_statements()):
        record(member=member, verb="import.walked", object="a:2")
