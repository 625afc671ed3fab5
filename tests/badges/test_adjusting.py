from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone, translation

from badges.models import Account, Adjustment, AdjustmentUse, AdjustmentWords, BadgeAward, Transfer
from badges.services.adjusting import adjust, approve_adjustment, cap_of, decline_adjustment
from badges.services.books import balance
from badges.services.history import history_page
from badges.services.replaying import replay
from badges.services.verification import verify
from portal.accounts.registry import erasers, exporters
from portal.activity.models import Activity
from portal.activity.services import record, reverse
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program
from tests.factories.rewards import bought, make_reward, rich_member
from tests.factories.staff import staff_with

pytestmark = pytest.mark.usefixtures("commits")


def desk():
    return staff_with("badges.adjust_points")


def move(member, amount, by=None, **more):
    said = {"reason": "goodwill" if amount > 0 else "misuse", "currency": "points"}
    said |= {"notes": {"en": "For your patience.", "tr": ""}, "key": uuid4()}
    return adjust(member=member, amount=amount, by=by or desk(), **{**said, **more})


def points(member):
    return balance(member=member, currency="points")


def clean():
    return verify() == [] and list(replay()) == []


def refusal(call):
    with pytest.raises(ValidationError) as refused:
        call()
    return refused.value.messages[0]


def test_giving_moves_points_and_names_who_and_why():
    member, staff = MemberFactory(), desk()

    given = move(member, 120, staff)

    transfer = Transfer.objects.get()
    assert points(member) == given.moved == 120
    assert (transfer.kind, transfer.reason, transfer.actor) == ("adjustment", "goodwill", staff)
    assert transfer.activity == given.activity
    assert given.activity.verb == "badges.points_adjusted"
    assert clean()


def test_member_reads_who_why_and_the_note_in_their_language():
    member, staff = MemberFactory(language="tr"), desk()

    move(member, 120, staff, notes={"en": "Sorry for the wait.", "tr": "Beklettiğimiz için."})

    (line,), _older = history_page(member=member)
    assert (line.reason, line.note, line.by) == (
        "A gesture of goodwill",
        "Sorry for the wait.",
        staff,
    )
    with translation.override("tr"):
        (line,), _older = history_page(member=member)
        assert line.note == "Beklettiğimiz için."


def test_member_is_told_once(client):
    member = MemberFactory()

    move(member, 120)

    notice = Notice.objects.get(kind="badges.adjusted")
    client.force_login(member)
    page = client.get("/notifications/").content.decode()
    assert notice.recipient == member
    assert "You were given 120 points" in page
    assert "A gesture of goodwill · For your patience." in page


def test_a_note_in_the_members_language_is_needed():
    member = MemberFactory(language="tr")

    assert refusal(lambda: move(member, 10)) == "The member reads this language."
    assert Adjustment.objects.count() == 0


def test_one_form_adjusts_once():
    member, staff, key = MemberFactory(), desk(), uuid4()

    first = move(member, 120, staff, key=key)
    again = move(member, 120, staff, key=key)

    assert again == first
    assert (points(member), AdjustmentUse.objects.get().amount) == (120, 120)


def test_taking_stops_at_what_is_there_and_leaves_no_debt():
    member = rich_member(30)

    taken = move(member, -100)

    debt = Account.objects.of(member).get(kind="debt", currency="points")
    assert (taken.amount, taken.moved, taken.is_short) == (-100, -30, True)
    assert (points(member), debt.balance) == (0, 0)
    assert clean()


def test_taking_from_an_empty_wallet_is_refused_in_words():
    assert refusal(lambda: move(MemberFactory(), -10)) == (
        "There is nothing left in the wallet to take."
    )
    assert Adjustment.objects.count() == Activity.objects.count() == 0


def test_giving_repays_a_debt_first():
    member = rich_member(100)
    bought(make_reward(price=100), member)
    reverse(Activity.objects.get(verb="import.earned"))

    move(member, 150)

    assert points(member) == 50
    assert clean()


def test_giving_waits_for_a_verified_address(settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    member = MemberFactory(verified=False)

    move(member, 50)

    held = Account.objects.of(member).get(kind="held", currency="points")
    assert (points(member), held.balance) == (0, 50)
    assert clean()


def test_points_by_hand_can_bring_a_badge_about_points():
    publish_program(badges=[badge("rich", {"balance": "points", "at_least": 100})])
    member = MemberFactory()

    move(member, 120)

    assert BadgeAward.objects.of(member).get().badge_code == "rich"


def test_large_ones_wait_for_a_second_person(settings):
    settings.ADJUSTMENT_ALONE = 100
    member, first, second = MemberFactory(), desk(), desk()

    asked = move(member, 101, first)
    assert (asked.is_approved, points(member)) == (None, 0)

    made = approve_adjustment(adjustment=asked, by=second)

    assert (made.moved, made.decided_by, points(member)) == (101, second, 101)
    assert Notice.objects.get(kind="badges.adjustment_decided").recipient == first
    assert clean()


def test_up_to_the_limit_nobody_else_is_asked(settings):
    settings.ADJUSTMENT_ALONE = 100

    assert move(MemberFactory(), 100).is_approved


@pytest.mark.parametrize("who", ["asker", "member", "stranger"])
def test_only_a_second_person_agrees(settings, who):
    settings.ADJUSTMENT_ALONE = 0
    member, asker = desk(), desk()
    people = {"asker": asker, "member": member, "stranger": MemberFactory()}
    asked = move(member, 10, asker)

    with pytest.raises(PermissionDenied):
        approve_adjustment(adjustment=asked, by=people[who])

    assert points(member) == 0


def test_agreeing_and_declining_happen_once(settings):
    settings.ADJUSTMENT_ALONE = 0
    member, second = MemberFactory(), desk()
    agreed, declined = move(member, 10), move(member, 20)

    approve_adjustment(adjustment=agreed, by=second)
    assert decline_adjustment(adjustment=declined, by=second, answer="No reason to.")

    assert approve_adjustment(adjustment=agreed, by=second) is None
    assert approve_adjustment(adjustment=declined, by=second) is None
    assert not decline_adjustment(adjustment=agreed, by=second, answer="Too late.")
    assert not decline_adjustment(adjustment=declined, by=second, answer="Again.")
    assert points(member) == 10
    assert AdjustmentWords.objects.get(adjustment=declined).answer == "No reason to."
    assert clean()


def test_who_asked_may_take_the_request_back(settings):
    settings.ADJUSTMENT_ALONE = 0
    staff = desk()
    asked = move(MemberFactory(), 10, staff)

    assert decline_adjustment(adjustment=asked, by=staff, answer="A slip.")

    asked.refresh_from_db()
    assert (asked.is_approved, asked.decided_by) == (False, None)
    assert not Notice.objects.exists()


def test_declining_takes_the_right(settings):
    settings.ADJUSTMENT_ALONE = 0
    asked = move(MemberFactory(), 10)

    with pytest.raises(PermissionDenied):
        decline_adjustment(adjustment=asked, by=MemberFactory(), answer="No.")


def test_agreeing_to_take_from_an_empty_wallet_leaves_it_waiting(settings):
    settings.ADJUSTMENT_ALONE = 0
    asked = move(MemberFactory(), -10)

    text = refusal(lambda: approve_adjustment(adjustment=asked, by=desk()))

    asked.refresh_from_db()
    assert text == "There is nothing left in the wallet to take."
    assert asked.is_approved is None


def test_adjusting_takes_the_right():
    with pytest.raises(PermissionDenied):
        move(MemberFactory(), 10, MemberFactory())


def test_nobody_gives_themselves_points():
    staff = desk()

    assert refusal(lambda: move(staff, 10, staff)) == (
        "Nobody gives themselves points, or takes their own."
    )


def test_closed_accounts_are_left_alone():
    member = MemberFactory(closed_at=timezone.now())

    assert refusal(lambda: move(member, 10)) == "This account is closed."


@pytest.mark.parametrize(
    ("fields", "text"),
    [
        (
            {"currency": "experience"},
            "Only what can be spent is given by hand; the rest is earned.",
        ),
        ({"currency": "shells"}, "Only what can be spent is given by hand; the rest is earned."),
        ({"amount": 1_000_001}, "From 1 to 1000000, please."),
        ({"amount": 0}, "From 1 to 1000000, please."),
        ({"reason": "misuse"}, "This reason does not go with what you do."),
        ({"reason": "whim"}, "This reason does not go with what you do."),
        ({"amount": -5, "reason": "prize"}, "This reason does not go with what you do."),
    ],
)
def test_what_nobody_can_do_is_refused_in_words(fields, text):
    said = {"amount": 10, "reason": "goodwill", **fields}

    assert refusal(lambda: move(MemberFactory(), said.pop("amount"), **said)) == text


def test_a_daily_cap_holds_by_role(settings):
    settings.ADJUSTMENT_PER_DAY = {"brand_manager": 150, "administrator": 400}
    member, staff, day = MemberFactory(), desk(), timezone.now() - timedelta(days=1)
    move(member, 100, staff)

    text = refusal(lambda: move(member, 60, staff))
    move(member, 50, staff)
    move(member, 150, staff, at=day)

    assert text == "You may move 150 points a day; 50 points are left for today."
    assert points(member) == 300
    assert clean()


def test_administrators_have_a_cap_of_their_own(settings, django_user_model):
    settings.ADJUSTMENT_PER_DAY = {"brand_manager": 150, "administrator": 400}

    assert cap_of(MemberFactory(is_superuser=True)) == 400
    assert cap_of(MemberFactory()) == 150


def test_the_database_demands_two_people(settings):
    settings.ADJUSTMENT_ALONE = 0
    staff = desk()
    asked = move(MemberFactory(), 10, staff)
    made = {"decided_at": timezone.now(), "is_approved": True, "moved": 10}
    made["activity"] = record(member=asked.member, verb="import.done")
    rows = Adjustment.objects.filter(pk=asked.pk)

    for decided_by in (staff, asked.member, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**made, decided_by=decided_by)


def test_an_adjustment_never_changes_once_it_is_decided():
    given = move(MemberFactory(), 10)

    for fields in ({"amount": 20}, {"moved": 20}, {"decided_at": None}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Adjustment.objects.filter(pk=given.pk).update(**fields)


def test_verify_finds_adjustments_that_do_not_agree():
    move(MemberFactory(), 10)
    AdjustmentUse.objects.update(amount=7)

    (problem,) = verify()

    assert problem.invariant == "I6"
    assert "7 kept, 10 asked for" in problem.message


def test_export_tells_and_closing_empties_the_words():
    member = MemberFactory()
    move(member, 10)

    (line,) = exporters()["adjustments"](member)
    for eraser in erasers(with_public=True):
        eraser(member)

    assert (line["amount"], line["note"]) == (10, "For your patience.")
    assert AdjustmentWords.objects.get().note == ""
    assert clean()
