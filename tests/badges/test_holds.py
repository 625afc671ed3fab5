from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group

from badges.models import Account, Hold, ProgramVersion, Refusal, Transfer
from badges.program.problems import ProgramError
from badges.services.books import balance
from badges.services.past import apply_to_past, simulate
from badges.services.releasing import end_holds
from badges.services.replaying import replay
from badges.services.stretches import stretch_of
from badges.services.verification import verify
from community.services.comments import post_comment
from community.services.ideas import post_idea, withdraw_idea
from community.services.votes import cast_vote
from portal.activity.services import record, restore, reverse
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule, rule
from tests.factories.rewards import bought, make_reward
from tests.factories.staff import member_with, moderator

pytestmark = [pytest.mark.usefixtures("commits"), pytest.mark.django_db]
START = datetime(2026, 1, 1, 9, tzinfo=UTC)
WORKED, ACCEPTED = "import.worked", "import.accepted"


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as traveller:
        yield lambda hours: traveller.move_to(START + timedelta(hours=hours))


def held(member):
    rows = Account.objects.of(member).filter(kind="held", currency="points")
    return sum(rows.values_list("balance", flat=True))


def points(member):
    return balance(member=member, currency="points")


def clean():
    return verify() == [] and list(replay()) == []


def work(member, key, **more):
    return record(member=member, verb=WORKED, object="task:1", key=key, **more)


def test_points_wait_for_their_time_and_come_free_once(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    member = MemberFactory()
    work(member, "a")
    assert (points(member), held(member)) == (0, 10)

    clock(47)
    assert end_holds() == 0
    clock(48)
    assert (end_holds(), end_holds()) == (1, 0)

    assert (points(member), held(member)) == (10, 0)
    release = Transfer.objects.get(kind="release")
    assert release.activity.verb == "badges.hold_ended"
    assert clean()


def test_what_is_removed_in_time_costs_nothing(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    member = MemberFactory()
    done = work(member, "a")

    reverse(done)
    clock(60)

    assert end_holds() == 0
    assert (points(member), held(member)) == (0, 0)
    assert Hold.objects.open().count() == 0
    assert clean()


def test_removing_one_thing_leaves_what_others_wait_for(clock):
    publish_program(
        rules=[
            rule("held", WORKED, 10, hold={"hours": 48}),
            rule("free", "import.free", 30),
        ]
    )
    member = MemberFactory()
    free = record(member=member, verb="import.free", key="f")
    work(member, "a")

    reverse(free)

    assert (points(member), held(member)) == (0, 10)
    assert clean()


def test_what_is_spent_is_taken_from_the_held_before_a_debt(clock):
    publish_program(
        rules=[
            rule("held", WORKED, 10, hold={"hours": 48}),
            rule("free", "import.free", 30),
        ]
    )
    member = MemberFactory()
    free = record(member=member, verb="import.free", key="f")
    bought(make_reward(price=26), member)
    work(member, "a")
    clock(1)
    work(member, "b")

    reverse(free)
    assert (points(member), held(member)) == (0, 0)
    debt = Account.objects.of(member).get(kind="debt", currency="points")
    assert debt.balance == -6
    clock(60)

    assert end_holds() == 2
    assert (points(member), held(member)) == (0, 0)
    assert clean()


def test_the_hold_that_ends_first_gives_what_is_left(clock):
    publish_program(
        rules=[
            rule("held", WORKED, 10, hold={"hours": 48}),
            rule("free", "import.free", 30),
        ]
    )
    member = MemberFactory()
    free = record(member=member, verb="import.free", key="f")
    bought(make_reward(price=7), member)
    work(member, "a")
    clock(1)
    work(member, "b")

    reverse(free)
    assert (points(member), held(member)) == (0, 13)
    clock(48)
    end_holds()
    assert (points(member), held(member)) == (3, 10)
    clock(49)
    end_holds()

    assert (points(member), held(member)) == (13, 0)
    assert clean()


def test_restored_points_wait_again(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    member = MemberFactory()
    undone = reverse(work(member, "a"))
    clock(100)

    restore(undone)

    assert (points(member), held(member)) == (0, 10)
    clock(148)
    end_holds()
    assert points(member) == 10
    assert clean()


def test_a_released_award_is_taken_back_from_the_wallet(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    member = MemberFactory()
    first = work(member, "a")
    clock(48)
    end_holds()
    work(member, "b")

    reverse(first)

    assert (points(member), held(member)) == (0, 10)
    assert clean()


def test_what_was_done_long_ago_is_not_kept_back(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    member = MemberFactory()

    work(member, "a", occurred_at=START - timedelta(days=3))

    assert (points(member), Hold.objects.count()) == (10, 0)


def test_points_wait_until_the_same_thing_is_accepted(clock):
    publish_rule(verb=WORKED, amount=10, hold={"until": ACCEPTED})
    member = MemberFactory()
    work(member, "a")
    record(member=member, verb=ACCEPTED, object="task:2", key="other")
    record(member=MemberFactory(), verb=ACCEPTED, object="task:1", key="another's")
    clock(1000)
    assert end_holds() == 0

    accepted = record(member=member, verb=ACCEPTED, object="task:1", key="this")
    undone = reverse(accepted)
    assert end_holds() == 0
    restore(undone)

    assert (end_holds(), points(member)) == (1, 10)
    assert clean()


def test_whatever_comes_first_ends_the_waiting(clock):
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48, "until": ACCEPTED})
    early, late = MemberFactory(), MemberFactory()
    work(early, "a")
    work(late, "b")
    record(member=early, verb=ACCEPTED, object="task:1", key="this")

    end_holds()
    assert (points(early), points(late)) == (10, 0)
    clock(48)
    end_holds()
    assert points(late) == 10


def test_unverified_members_wait_for_both(clock, settings):
    settings.HOLD_UNVERIFIED_POINTS = True
    publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    one, two = MemberFactory(verified=False), MemberFactory(verified=False)
    work(one, "a")
    work(two, "b")

    def prove(member):
        EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        record(member=member, verb="accounts.email_verified", object=f"member:{member.pk}")

    prove(one)
    assert (points(one), held(one)) == (0, 10)
    clock(48)
    end_holds()

    assert (points(one), points(two), held(two)) == (10, 0, 10)
    prove(two)
    assert (points(two), held(two)) == (10, 0)
    assert clean()


def test_debts_are_repaid_before_anything_is_held(clock):
    publish_program(
        rules=[
            rule("held", WORKED, 10, hold={"hours": 48}),
            rule("free", "import.free", 10),
        ]
    )
    member = MemberFactory()
    free = record(member=member, verb="import.free", key="f")
    bought(make_reward(price=10), member)
    reverse(free)

    work(member, "a")

    assert (held(member), Hold.objects.count()) == (0, 0)
    assert clean()


def test_page_says_until_when(clock, client):
    publish_rule(verb="community.idea_posted", amount=10, hold={"hours": 48})
    member = MemberFactory(time_zone="UTC")
    idea = post_idea(author=member, title="Bike racks")
    client.force_login(member)

    said = client.get("/points/").content.decode()
    withdraw_idea(idea=idea, member=member)
    later = client.get("/points/").content.decode()

    assert "held until Jan. 3, 2026" in said
    assert "held for now" in said
    assert "waiting for your verified address" not in said
    assert "held until" not in later


def test_the_past_is_simulated_and_applied_with_its_holds(clock):
    publish_program()
    member = MemberFactory()
    record(member=member, verb=WORKED, key="a")
    clock(1)
    version = publish_rule(verb=WORKED, amount=10, hold={"hours": 48})
    _pk, program = ProgramVersion.objects.current()
    clock(2)

    seen = simulate(program=program, stretch=stretch_of(program))
    apply_to_past(version=version, program=program, stretch=stretch_of(program))

    assert seen.amounts == {"points": 10}
    assert held(member) == 10
    assert clean()


def test_a_hold_needs_an_end_and_a_known_verb():
    for hold, words in (
        ({}, "give hours, until or both, or newcomers"),
        ({"until": "no.such"}, "no.such"),
    ):
        with pytest.raises(ProgramError) as refused:
            publish_rule(verb=WORKED, amount=10, hold=hold)
        assert words in str(refused.value)


def reasons(member):
    return list(Refusal.objects.of(member).values_list("reason", flat=True))


def test_team_and_programs_are_left_out_with_a_reason():
    publish_rule(verb=WORKED, amount=10, exclude=["staff", "bots"])
    robot, plain = MemberFactory(), MemberFactory()
    robot.groups.add(Group.objects.create(name="bots"))
    helper = MemberFactory()
    helper.groups.add(Group.objects.get_or_create(name="moderator")[0])
    boss = MemberFactory(is_superuser=True)

    for number, member in enumerate((robot, helper, boss, plain)):
        work(member, f"w{number}")

    assert [points(member) for member in (robot, helper, boss, plain)] == [0, 0, 0, 10]
    assert reasons(robot) == reasons(helper) == reasons(boss) == ["excluded"]
    assert clean()


def test_leaving_the_team_changes_no_judgement():
    publish_rule(verb=WORKED, amount=10, exclude=["staff"])
    helper = MemberFactory()
    helper.groups.add(Group.objects.get_or_create(name="moderator")[0])
    work(helper, "a")

    helper.groups.clear()
    work(helper, "b")

    assert points(helper) == 10
    assert clean()


def test_what_is_the_members_own_is_left_out():
    publish_program(
        rules=[
            rule("vote", "community.vote_cast", 5, exclude=["own"]),
            rule("comment", "community.comment_posted", 7, exclude=["own"]),
        ]
    )
    author, other = MemberFactory(), MemberFactory()
    idea = post_idea(author=author, title="Bike racks")

    for member in (author, other):
        cast_vote(idea=idea, member=member)
        post_comment(idea=idea, author=member, body="Near the pier.")

    assert (points(author), points(other)) == (0, 12)
    assert reasons(author) == ["own", "own"]
    assert clean()


def test_moderators_by_right_alone_are_members_like_others():
    publish_rule(verb=WORKED, amount=10, exclude=["staff"])

    work(moderator(), "a")
    by_right = member_with("community.moderate_idea")
    work(by_right, "b")

    assert points(by_right) == 10
