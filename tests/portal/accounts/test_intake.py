import random

import pytest

from badges.models import Transfer
from badges.services.books import balance
from badges.services.verification import verify
from portal.accounts.models import ExternalIdentity, Member
from portal.accounts.services.closing import close_account
from portal.accounts.services.identities import create_members, external_ids, members_named
from portal.accounts.services.intake import Intake, Problem, is_source
from portal.accounts.services.lines import read_line
from portal.activity.models import Activity, WaitingReversal
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule

EARLIER, LATER = "2018-03-11T09:00:00Z", "2018-03-13T09:00:00Z"


@pytest.fixture
def member(commits):
    publish_rule(verb="import.answer_voted", amount=10)
    found = MemberFactory(handle="ayse", email="ayse@example.com")
    ExternalIdentity.objects.create(source="forum", external_id="u12", member=found)
    return found


def lines_of(*activities):
    return [read_line(data, place) for place, data in enumerate(activities, 1)]


def problems(*activities, **options):
    return Intake("forum", **options).problems_of(lines_of(*activities))


def take(*activities, **options):
    """What was recorded and repeated, of activities that nothing speaks against."""
    intake, lines = Intake("forum", **options), lines_of(*activities)
    assert intake.problems_of(lines) == []
    return tuple(vars(intake.take_in(lines)).values())


def points(member):
    return balance(member=member, currency="points")


def undoing(id, reverses, **fields):
    return activity(id, reverses=reverses, **{"occurred_at": LATER, **fields})


def test_facts_are_recorded_once_and_paid_once(member):
    assert take(activity("a"), activity("b"), activity("a")) == (2, 1)
    assert take(activity("a"), activity("c")) == (1, 1)
    assert points(member) == 30
    assert verify() == []


def test_sources_do_not_know_each_others_ids(member):
    take(activity("a"))

    other = Intake("shop")
    lines = lines_of(activity("a", member="ayse"))

    assert (other.problems_of(lines), other.take_in(lines).recorded) == ([], 1)


def test_unknown_member_is_a_problem(member):
    assert problems(activity("a"), activity("b", member="nobody")) == [
        Problem(2, "member", "unknown member 'nobody'")
    ]


def test_members_are_found_by_id_then_address_then_handle(member):
    other = MemberFactory(handle="u12x", email="other@example.com")
    ExternalIdentity.objects.create(source="forum", external_id="ayse", member=other)

    names = ["u12", "AYSE@example.com", "ayse@Example.com", "ayse", "u12x", "u13"]
    found = members_named(names, source="forum")

    assert {name: one.handle for name, one in found.items()} == {
        "u12": "ayse",
        "AYSE@example.com": "ayse",
        "ayse@Example.com": "ayse",
        "ayse": "u12x",
        "u12x": "u12x",
    }


def test_unknown_members_are_made_where_that_is_wanted(member):
    lines = [activity("a", member="Işık Ağa"), activity("b", member="isik aga")]

    assert take(*lines, may_create=True) == (2, 0)

    made = Member.objects.filter(external_identities__source="forum").exclude(pk=member.pk)
    assert sorted(one.handle for one in made) == ["isik-aga", "isik-aga-2"]
    assert {(one.email, one.has_usable_password(), one.time_zone) for one in made} == {
        (None, False, "UTC")
    }


def test_source_lists_its_members_but_for_closed_accounts(member):
    made = create_members(["u1", "u2"], source="shop")
    close_account(member=made["u2"])

    assert external_ids("shop") == [("u1", made["u1"].pk)]


def test_same_id_with_other_content_names_both_places(member):
    assert problems(activity("a"), activity("a", value=2), activity("a")) == [
        Problem(2, "id", "'a' comes twice with different content (see 1)")
    ]


def test_known_id_with_other_content_is_a_problem_wherever_it_stands(member):
    take(activity("a"))

    message = "'a' was recorded with other content"
    assert problems(activity("a", value=2), activity("a", value=2)) == [
        Problem(1, "id", message),
        Problem(2, "id", message),
    ]


def test_reversal_takes_back_what_was_paid(member):
    take(activity("a"), undoing("a-undone", "a"))

    assert points(member) == 0
    assert take(activity("a"), undoing("a-undone", "a")) == (0, 2)
    assert verify() == []


def test_reversal_of_a_reversal_restores(member):
    take(activity("a"), undoing("b", "a"))
    take(undoing("c", "b", occurred_at="2018-03-14T09:00:00Z"))

    assert points(member) == 10
    assert verify() == []


@pytest.mark.parametrize(
    "fields", [{"member": "other"}, {"verb": "import.other"}, {"object": "post:46"}]
)
@pytest.mark.parametrize("is_known", [True, False])
def test_reversal_of_something_else_is_a_problem(member, fields, is_known):
    MemberFactory(handle="other")
    before = [activity("a")]
    if is_known:
        take(*before)
        before = []

    found = problems(*before, undoing("b", "a", **fields))

    message = "must repeat member, verb and object of 'a'" + ("" if is_known else " (see 1)")
    assert found == [Problem(len(before) + 1, "reverses", message)]


def test_second_reversal_is_a_problem(member):
    assert problems(activity("a"), undoing("b", "a"), undoing("c", "a")) == [
        Problem(3, "reverses", "'a' is reversed by 'b' already (see 2)")
    ]


@pytest.mark.parametrize("repeats", [[], [activity("a")]])
def test_second_reversal_of_what_is_known_is_a_problem(member, repeats):
    take(activity("a"), undoing("b", "a"))

    place = len(repeats) + 1
    assert problems(*repeats, undoing("c", "a")) == [
        Problem(place, "reverses", "'a' is reversed by 'b' already")
    ]


@pytest.mark.parametrize("originals", [[], [activity("a")]])
def test_second_reversal_of_what_is_expected_is_a_problem(member, originals):
    take(undoing("b", "a"))

    place = len(originals) + 1
    assert problems(*originals, undoing("c", "a")) == [
        Problem(place, "reverses", "'a' is reversed by 'b' already")
    ]


def test_original_that_its_waiting_reversal_does_not_describe_is_a_problem(member):
    take(undoing("b", "a"))

    assert problems(activity("a", object="post:46")) == [
        Problem(1, "member", "is not what its reversal 'b' says of it")
    ]


def test_reversals_in_a_circle_are_a_problem(member):
    assert problems(undoing("a", "a")) == [Problem(1, "reverses", "reverses itself in a circle")]
    assert problems(undoing("a", "b"), undoing("b", "a"))[0] == Problem(
        1, "reverses", "reverses itself in a circle"
    )


def test_reversal_before_its_original_waits_and_the_original_pays_nothing(member):
    assert take(undoing("b", "a")) == (1, 0)
    assert (Activity.objects.count(), WaitingReversal.objects.count()) == (0, 1)

    assert take(activity("a"), undoing("b", "a")) == (1, 1)

    assert Activity.objects.count() == 2
    assert WaitingReversal.objects.filter(met_at=None).count() == 0
    assert (points(member), Transfer.objects.count()) == (0, 0)
    assert verify() == []


def test_chain_that_waits_is_met_link_by_link(member):
    take(undoing("c", "b", occurred_at="2018-03-14T09:00:00Z"))
    take(undoing("b", "a"))
    take(activity("a"))

    depths = Activity.objects.order_by("depth").values_list("key", "depth")
    assert list(depths) == [("a", 0), ("b", 1), ("c", 2)]
    assert WaitingReversal.objects.filter(met_at=None).count() == 0
    assert verify() == []


def test_reversal_dated_before_its_original_waits_within_a_call(member):
    take(activity("a"), undoing("b", "a", occurred_at=EARLIER))

    assert (points(member), Activity.objects.count()) == (0, 2)
    assert verify() == []


def test_order_of_the_lines_does_not_matter(commits):
    publish_rule(verb="import.answer_voted", limit=[{"amount": 20, "per": "day"}], amount=10)
    facts = [activity(f"f{n}", occurred_at=f"2018-03-12T{9 + n:02}:00:00Z") for n in range(4)]
    facts.append(undoing("r", "f0", occurred_at="2018-03-12T10:30:00Z"))
    paid = set()
    for seed in range(4):
        random.Random(seed).shuffle(facts)
        names = [{**one, "member": f"m{seed}"} for one in facts]
        lines = [{**one, "id": f"{seed}-{one['id']}"} for one in names]
        for one in lines:
            if "reverses" in one:
                one["reverses"] = f"{seed}-{one['reverses']}"
        take(*lines, may_create=True)
        member = members_named([f"m{seed}"], source="forum")[f"m{seed}"]
        awards = Transfer.objects.of(member).order_by("pk")
        paid.add(tuple(key.split("-")[1] for key in awards.values_list("activity__key", flat=True)))

    assert paid == {("f0", "f1", "r", "f2")}
    assert verify() == []


@pytest.mark.parametrize(
    "name, answer",
    [
        ("forum", True),
        ("x" * 40, True),
        ("x" * 41, False),
        ("", False),
        (" ", False),
        ("portal", False),
        ("a\x00", False),
    ],
)
def test_sources_have_short_visible_names(name, answer):
    assert is_source(name) is answer


def test_many_lines_cost_few_queries(member, django_assert_max_num_queries):
    lines = lines_of(*(activity(f"a{n}", object=f"post:{n}") for n in range(200)))
    intake = Intake("forum")

    with django_assert_max_num_queries(10):
        intake.problems_of(lines)
    with django_assert_max_num_queries(40):
        intake.take_in(lines)
