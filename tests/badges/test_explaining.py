from datetime import timedelta

import pytest
from django.urls import reverse as address
from django.utils import timezone

from badges.services.explaining import explain, unpaid_of
from portal.activity.services import record, reverse
from tests.badges.test_program_pages import staff
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, publish_rule, rule, text

EXPLAIN = "/cms/programme/explain/"


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


def do(member, key="a", verb="import.done", **more):
    return record(member=member, verb=verb, key=key, **more)


def whys(member):
    return [(why.rule, why.text) for one in explain(member=member) for why in one.whys]


def iso(**apart):
    moment = timezone.now() + timedelta(**apart)
    return moment.isoformat().replace("+00:00", "Z")


def test_paid_fact_needs_no_excuse(member):
    publish_rule(verb="import.done")
    do(member)

    one = explain(member=member)[0]

    assert ([transfer.amount for transfer in one.paid], one.whys) == ([10], [])
    assert unpaid_of(member) == []


def test_refusal_is_told_with_when_it_can_pay_again(member):
    publish_rule(verb="import.done", once_per="day", name=text("Done"))
    do(member, "a")
    do(member, "b")

    why = unpaid_of(member)[0].whys[0]

    assert (why.rule, why.text) == ("Done", "It has already paid for this.")
    assert why.again_at > timezone.now()


def test_fact_that_no_rule_is_about_says_so(member):
    do(member)

    assert whys(member) == [("", "No rule pays for this.")]


def test_rule_that_came_later_is_named(member):
    do(member)
    publish_rule(verb="import.done", name=text("Done"))

    text_ = "No rule paid for this when it happened; this one came later."
    assert whys(member) == [("Done", text_)]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"starts_at": iso(days=9)}, "It pays only from "),
        ({"ends_at": iso(days=-9)}, "It paid only until "),
        ({"when": {"value": {"at_least": 5}}}, "It pays only where the value is at least 5."),
        ({"when": {"first_time": False}}, "It pays never the first time."),
        ({"once_per": "object"}, "It pays once for each thing, and this was about none."),
    ],
)
def test_rule_that_was_silent_is_given_its_reason(member, parts, words):
    publish_rule(verb="import.done", name=text("Done"), **parts)
    do(member)

    assert len(whys(member)) == 1
    name, said = whys(member)[0]
    assert name == "Done"
    assert said.startswith(words)


def test_value_that_earns_nothing_is_told(member):
    award = {"currency": "points", "per_value": 2}
    publish_program(rules=[rule("done", "import.done", award=award, name=text("Done"))])
    do(member, value=0)

    assert whys(member) == [("Done", "It pays by the value, and this had none.")]


def test_rule_that_came_before_the_fact_was_judged_late_is_not_blamed(member):
    publish_rule(verb="import.other")
    fact = do(member)
    assert explain(member=member)[0].activity == fact

    assert whys(member) == [("", "No rule pays for this.")]


def test_undone_fact_says_that_it_was_undone(member):
    publish_rule(verb="import.done")
    reverse(do(member))

    assert whys(member) == [("", "It was undone, so what it earned was taken back.")]


def test_what_the_economy_does_itself_is_left_out(member):
    do(member, verb="badges.points_adjusted")

    assert explain(member=member) == []


def test_member_reads_why_something_earned_nothing(member_client):
    publish_rule(verb="import.other", name=text("Other"))
    do(member_client.member)

    html = member_client.get(address("badges:points")).content.decode()

    assert "Why not?" in html
    assert "No rule pays for this." in html


def test_staff_find_a_member_by_name_and_read_what_they_earned(manager):
    aylin = MemberFactory(name="Aylin Deniz", handle="aylin")
    publish_rule(verb="import.done", once_per="day", name=text("Done"))
    do(aylin, "a", object="post:1")
    do(aylin, "b")

    found = manager.get(f"{EXPLAIN}?q=Deniz").content.decode()
    html = manager.get(f"{EXPLAIN}?q=@Aylin").content.decode()

    assert 'href="?q=aylin"' in found
    assert "+10 points <small>Done</small>" in html
    assert "Done: It has already paid for this. It can earn again from" in html


def test_staff_are_told_of_nobody_and_of_nothing(manager):
    MemberFactory(handle="new")

    assert "Search for a name or a handle" in manager.get(EXPLAIN).content.decode()
    assert "Nobody is called that." in manager.get(f"{EXPLAIN}?q=xyz").content.decode()
    assert "Nothing has been recorded" in manager.get(f"{EXPLAIN}?q=new").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_page_takes_the_same_queries_for_one_fact_and_for_three(
    manager, number, django_assert_num_queries
):
    aylin = MemberFactory(handle="aylin")
    publish_rule(verb="import.done", once_per="day")
    for key in range(number):
        do(aylin, str(key))
    do(aylin, "x", verb="import.other")
    manager.get(f"{EXPLAIN}?q=aylin")

    with django_assert_num_queries(EXPLAIN_QUERIES):
        manager.get(f"{EXPLAIN}?q=aylin")


EXPLAIN_QUERIES = 16
