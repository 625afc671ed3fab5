from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.utils import timezone

from badges.models import (
    Account,
    PeriodTotal,
    Redemption,
    RedemptionStep,
    Reward,
    RewardCode,
    RewardUse,
    Transfer,
)
from badges.services.books import Book, balance
from badges.services.fulfilling import mark_given, return_redemption, show_code
from badges.services.redeeming import cancel_redemption, redeem
from badges.services.rewards import add_codes, change_reward, create_reward
from badges.services.verification import verify
from community.services.ideas import post_idea, withdraw_idea
from portal.activity.models import Activity
from portal.activity.services import record
from portal.notifications.models import Delivery, Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule, text
from tests.factories.rewards import (
    bought,
    code_of,
    make_pool,
    make_reward,
    rich_member,
)
from tests.factories.staff import staff_with

pytestmark = pytest.mark.usefixtures("commits")


def points(member):
    return balance(member=member, currency="points")


def manager():
    return staff_with("badges.manage_reward")


def refusal(call):
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.messages[0]


def test_redeeming_moves_the_price_and_names_its_activity():
    member, reward = rich_member(), make_reward(price=300, stock=5)

    redemption = bought(reward, member)

    reward.refresh_from_db()
    spent = Transfer.objects.get(kind=Transfer.Kind.SPEND)
    sides = {entry.account.kind: entry.amount for entry in spent.entries.select_related("account")}
    assert points(member) == 700
    assert sides == {"wallet": -300, "redeemed": 300}
    assert spent.activity == redemption.activity
    assert (redemption.activity.verb, redemption.activity.object) == (
        "badges.reward_redeemed",
        f"reward:{reward.pk}",
    )
    assert (redemption.state, reward.taken) == (Redemption.State.PENDING, 1)
    assert verify() == []


def test_the_same_form_redeems_once():
    member, reward, key = rich_member(), make_reward(), uuid4()
    ask = {"reward": reward, "member": member, "price": 100, "key": key}

    first, second = redeem(**ask), redeem(**ask)

    assert first == second
    assert points(member) == 900
    assert verify() == []


def test_redeeming_neither_demotes_nor_lowers_standing_on_the_board():
    member = rich_member(500)
    before = list(PeriodTotal.objects.of(member).order_by("pk").values_list("period", "total"))

    redemption = bought(make_reward(price=500), member)
    cancel_redemption(redemption=redemption, member=member)

    after = list(PeriodTotal.objects.of(member).order_by("pk").values_list("period", "total"))
    assert before == after


def test_what_cannot_be_had_is_refused_with_its_reason():
    now = timezone.now()
    member = rich_member(80)
    publish_program(levels=[{"code": "guide", "name": text("Guide"), "experience": 50}])
    cases = {
        "20 points to go": make_reward(),
        "There are none left at the moment.": make_reward(price=10, stock=0),
        "It opens at the level Guide.": make_reward(price=10, level="guide"),
        "It opens at the level gone.": make_reward(price=10, level="gone"),
        "It is no longer on offer.": make_reward(price=10, is_archived=True),
    }
    past = make_reward(price=10, closes_at=now - timedelta(days=1))
    later = make_reward(price=10, opens_at=now + timedelta(days=1))
    empty = make_pool(price=10)

    said = {words: refusal(lambda r=reward: bought(r, member)) for words, reward in cases.items()}

    assert said == {words: words for words in cases}
    assert refusal(lambda: bought(past, member)) == "It is no longer on offer."
    assert refusal(lambda: bought(later, member)).startswith("It can be redeemed from")
    assert refusal(lambda: bought(empty, member)) == "There are none left at the moment."
    assert points(member) == 80
    assert not Redemption.objects.exists()
    assert verify() == []


def test_a_price_that_changed_meanwhile_is_not_taken():
    member, reward = rich_member(), make_reward(price=100)
    Reward.objects.update(price=900)

    assert "price has changed" in refusal(lambda: bought(reward, member))
    assert points(member) == 1000


def test_a_level_opens_a_reward_and_redeeming_keeps_it():
    publish_program(
        rules=[
            rule("a", "import.done", 10),
            rule("b", "import.done", 60, currency="experience"),
        ],
        levels=[{"code": "guide", "name": text("Guide"), "experience": 50}],
    )
    member = MemberFactory()
    record(member=member, verb="import.done")

    bought(make_reward(price=10, level="guide"), member)

    assert balance(member=member, currency="experience") == 60


def test_limit_for_each_member_counts_what_stands():
    member, reward = rich_member(), make_reward(limit_per_member=1)
    first = bought(reward, member)

    said = refusal(lambda: bought(reward, member))
    cancel_redemption(redemption=first, member=member)
    bought(reward, member)

    assert said == "You have had it: once for each member."
    assert RewardUse.objects.get().times == 1
    assert verify() == []


def test_an_unproven_address_redeems_nothing_where_points_wait_for_it(settings):
    member = rich_member()
    settings.HOLD_UNVERIFIED_POINTS = True
    member.emailaddress_set.update(verified=False)
    member = type(member).objects.get(pk=member.pk)

    assert "Confirm your email address" in refusal(lambda: bought(make_reward(), member))


def test_the_member_takes_it_back_within_ten_seconds_once():
    member, reward = rich_member(), make_reward(stock=1, limit_per_member=1)
    redemption = bought(reward, member)

    first = cancel_redemption(redemption=redemption, member=member)
    second = cancel_redemption(redemption=redemption, member=member)

    reward.refresh_from_db()
    assert (first, second) == (True, False)
    assert (points(member), reward.taken) == (1000, 0)
    assert Transfer.objects.get(kind=Transfer.Kind.REFUND).reverses.kind == Transfer.Kind.SPEND
    assert Activity.objects.filter(verb="badges.reward_redeemed").count() == 2
    assert [step.state for step in redemption.steps.order_by("pk")] == ["pending", "cancelled"]
    assert verify() == []


def test_after_ten_seconds_and_for_others_there_is_no_way_back():
    member, reward = rich_member(), make_reward()
    redemption = bought(reward, member)
    late = redemption.redeemed_at + timedelta(seconds=16)

    said = refusal(lambda: cancel_redemption(redemption=redemption, member=member, at=late))

    assert said.startswith("The ten seconds are over.")
    with pytest.raises(PermissionDenied):
        cancel_redemption(redemption=redemption, member=MemberFactory())
    assert points(member) == 900


def test_what_was_handed_over_is_not_taken_back_by_the_member():
    member = rich_member()
    redemption = bought(make_reward(), member)
    mark_given(redemption=redemption, staff=manager())

    said = refusal(lambda: cancel_redemption(redemption=redemption, member=member))

    assert said == "It was handed over already, so it stays."


def test_what_comes_back_repays_a_debt_first():
    publish_program(rules=[rule(amount=100)])
    member = MemberFactory()
    idea = post_idea(author=member, title="Bike racks")
    redemption = bought(make_reward(price=100), member)
    withdraw_idea(idea=idea, member=member)

    return_redemption(redemption=redemption, staff=manager(), reason="Broken.")

    debt = Account.objects.of(member).get(currency="points", kind="debt")
    assert (points(member), debt.balance) == (0, 0)
    assert verify() == []


def test_handing_over_tells_the_member_once():
    member, staff = rich_member(), manager()
    redemption = bought(make_reward(), member)

    first = mark_given(redemption=redemption, staff=staff, note="At the shop in Moda.")
    second = mark_given(redemption=redemption, staff=staff)

    notice = Notice.objects.get(kind="badges.reward_given")
    assert (first, second) == (True, False)
    assert notice.recipient == member
    assert Delivery.objects.filter(notice=notice).count() == 1
    assert redemption.steps.get(state="given").actor == staff
    assert verify() == []


def test_returning_gives_everything_back_with_a_reason_once():
    member, staff, reward = rich_member(), manager(), make_reward(stock=1, limit_per_member=1)
    redemption = bought(reward, member)
    mark_given(redemption=redemption, staff=staff)

    first = return_redemption(redemption=redemption, staff=staff, reason="It came broken.")
    second = return_redemption(redemption=redemption, staff=staff, reason="Again.")

    reward.refresh_from_db()
    redemption.refresh_from_db()
    assert (first, second) == (True, False)
    assert (points(member), reward.taken, redemption.reason) == (1000, 0, "It came broken.")
    assert Notice.objects.filter(kind="badges.reward_returned").count() == 1
    assert "taken back" in refusal(lambda: mark_given(redemption=redemption, staff=staff))
    assert verify() == []


def test_only_those_who_may_hand_over_or_return():
    redemption = bought(make_reward(), rich_member())

    for ask in (
        lambda: mark_given(redemption=redemption, staff=redemption.member),
        lambda: return_redemption(redemption=redemption, staff=redemption.member, reason="No."),
    ):
        with pytest.raises(PermissionDenied):
            ask()


def test_a_code_is_kept_at_once_and_shown_when_asked_for():
    member, reward = rich_member(), make_pool("AAA", "BBB")
    redemption = bought(reward, member)
    before = Redemption.objects.get(pk=redemption.pk).shown_code

    shown = show_code(redemption=redemption, member=member)
    again = show_code(redemption=redemption, member=member)

    fresh = Redemption.objects.get(pk=redemption.pk)
    assert (before, shown, again) == ("", True, False)
    assert (fresh.shown_code, fresh.state) == ("AAA", Redemption.State.GIVEN)
    assert verify() == []


def test_an_unseen_code_goes_back_and_a_seen_one_does_not():
    first, second, staff = rich_member(), rich_member(), manager()
    reward = make_pool("AAA", "BBB")
    unseen = bought(reward, first)
    cancel_redemption(redemption=unseen, member=first)
    seen = bought(reward, first)
    show_code(redemption=seen, member=first)
    return_redemption(redemption=seen, staff=staff, reason="It did not work.")

    last = bought(reward, second)

    assert code_of(unseen) is None
    assert code_of(seen) == "AAA"
    assert code_of(last) == "BBB"
    assert refusal(lambda: bought(reward, second)) == "There are none left at the moment."
    assert verify() == []


def test_codes_are_shown_to_their_member_alone():
    redemption = bought(make_pool("AAA"), rich_member())
    by_hand = bought(make_reward(), redemption.member)

    with pytest.raises(PermissionDenied):
        show_code(redemption=redemption, member=MemberFactory())
    assert "no code" in refusal(lambda: show_code(redemption=by_hand, member=by_hand.member))


def test_codes_are_read_from_lines_and_from_the_first_column_of_a_table():
    reward = make_pool()

    lines = add_codes(reward=reward, text="AAA\n\n BBB \nAAA\n" + "x" * 101)
    table = add_codes(reward=reward, text='\ufeffKod;Değer\nCCC;10\n"D;D";20\nAAA;5\n')

    assert (lines.new, lines.known, lines.refused) == (2, 1, 1)
    assert (table.new, table.known, table.refused) == (2, 1, 0)
    assert list(RewardCode.objects.order_by("pk").values_list("text", flat=True)) == [
        "AAA",
        "BBB",
        "CCC",
        "D;D",
    ]


def test_a_code_belongs_to_one_pool_and_rewards_by_hand_have_none():
    make_pool("AAA")
    other = make_pool()

    assert add_codes(reward=other, text="AAA").new == 0
    assert "has no codes" in refusal(lambda: add_codes(reward=make_reward(), text="BBB"))
    many = "\n".join(str(number) for number in range(20_001))
    assert "At most 20000" in refusal(lambda: add_codes(reward=other, text=many))


FIELDS = {
    "name_en": "Mug",
    "name_tr": "Kupa",
    "description_en": "Hot.",
    "description_tr": "Sıcak.",
    "currency": "points",
    "price": 10,
    "fulfilment": "by_hand",
    "stock": 1,
}


def test_a_reward_is_priced_in_what_can_be_spent():
    publish_program()

    assert create_reward(**FIELDS).left == 1
    said = refusal(lambda: create_reward(**{**FIELDS, "currency": "experience"}))
    assert said == "This currency cannot be spent."


def test_a_reward_keeps_its_counter_and_its_kind_while_it_is_changed():
    member = rich_member()
    reward = create_reward(**{**FIELDS, "stock": 2})
    stale = Reward.objects.get(pk=reward.pk)
    bought(reward, member)
    bought(reward, member)

    changed = change_reward(reward=stale, **{**FIELDS, "stock": 2, "price": 20})
    too_few = refusal(lambda: change_reward(reward=stale, **FIELDS))
    other = {**FIELDS, "fulfilment": "codes", "stock": None}

    assert (changed.taken, changed.price) == (2, 20)
    assert too_few == "More than this have been redeemed already."
    assert "redeemed before" in refusal(lambda: change_reward(reward=stale, **other))
    assert change_reward(reward=stale, **{**FIELDS, "stock": None}).left is None


def test_facts_about_a_redemption_never_change():
    redemption = bought(make_reward(), rich_member())

    for change in (
        lambda: RedemptionStep.objects.update(state="given"),
        lambda: RedemptionStep.objects.all()._raw_delete("default"),
        lambda: RedemptionStep.objects.create(
            redemption=redemption,
            state="pending",
            actor=redemption.member,
            taken_at=timezone.now(),
        ),
        lambda: Reward.objects.update(stock=0),
        lambda: RewardCode.objects.create(
            reward=redemption.reward, text="A", shown_at=timezone.now()
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda: Redemption.objects.update(price=1), "costs 1, and 100 was paid"),
        (lambda: Redemption.objects.update(state="returned"), "0 was given back"),
        (lambda: Redemption.objects.update(state="given"), "its last step says pending"),
        (lambda: Reward.objects.update(taken=0), "0 kept, 1 redemptions stand"),
        (lambda: RewardUse.objects.update(times=3), "3 kept, 1 stand"),
        (lambda: RewardCode.objects.update(redemption=None), "has no code"),
        (lambda: Redemption.objects.update(state="given"), "hangs on redemption"),
    ],
)
def test_verification_sees_what_does_not_agree(spoil, words):
    bought(make_pool("AAA"), rich_member())
    assert verify() == []

    spoil()

    assert words in "\n".join(problem.message for problem in verify())


def test_a_purchase_without_a_redemption_is_found():
    member = rich_member()
    fact = record(member=member, verb="badges.reward_redeemed", object="reward:1")
    book = Book([member.pk], ["points"])
    book.spend(activity=fact, currency="points", amount=5)
    book.write()

    assert ["paid for no redemption" in problem.message for problem in verify()] == [True]
