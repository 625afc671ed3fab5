"""The page of the leaderboard: periods, groups, ties in words, and who appears how."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from badges.models.boards import EVER
from badges.services.boards import around, top
from portal.accounts.models import Interest, Member
from portal.accounts.people import interested_in, joined_with
from portal.accounts.services.closing import close_account
from portal.accounts.services.members import save_privacy
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule

PAGE = reverse("badges:leaderboard")
PRIVACY = "/settings/privacy/"
# Of the member's board. Everyone's takes one more: who entered or left the lists just now.
QUERIES = {"": 13, "joined": 12, "in-climbing": 11}


@pytest.fixture
def program(commits):
    award = {"currency": "experience", "per_value": 1}
    publish_program(timezone="Europe/Istanbul", rules=[rule("done", "import.done", award=award)])


@pytest.fixture
def climbing(db):
    return Interest.objects.create(code="climbing", name_en="Climbing", name_tr="Tırmanış")


def gain(amount, member=None, **fields):
    member = member or MemberFactory(**fields)
    record(member=member, verb="import.done", value=amount, key=f"{member.pk}-{amount}")
    return member


def shown(client, **query):
    """(rank, name) of each row on top and around."""
    context = client.get(PAGE, query).context
    return [
        [(row.rank, row.face.display_name) for row in context[part]] for part in ("top", "around")
    ]


def test_switches_are_links_that_keep_the_other_choice(member_client, program, climbing):
    page = member_client.get(PAGE, {"period": "month", "group": "in-climbing"})

    assert [(url, current) for _label, url, current in page.context["periods"]] == [
        ("?period=week&group=in-climbing", False),
        ("?period=month&group=in-climbing", True),
        ("?period=ever&group=in-climbing", False),
    ]
    assert [(url, current) for _label, url, current in page.context["groups"]] == [
        ("?period=month", False),
        ("?period=month&group=joined", False),
        ("?period=month&group=in-climbing", True),
    ]


@pytest.mark.parametrize("group", ["nonsense", "in-gone", "joined"])
def test_unknown_groups_and_a_visitors_cohort_show_everyone(client, program, climbing, group):
    member = gain(5)

    assert shown(client, group=group)[0] == [(1, member.name)]


def test_board_of_an_interest_ranks_those_who_chose_it(member_client, program, climbing):
    me = member_client.member
    Member.objects.filter(pk=me.pk).update(interests=["climbing"])
    first, tied = gain(30, interests=["climbing", "x"]), gain(9, interests=["climbing"])
    for other in (gain(40), gain(20, interests=["climb"]), gain(9, me)):
        assert other.pk

    rows = [(1, first.name), (2, tied.name), (2, me.name)]
    assert shown(member_client, group="in-climbing") == [rows, rows]


def test_cohort_are_those_who_joined_in_the_same_month_of_the_programme(member_client, program):
    me = member_client.member
    # Midnight in Istanbul is three hours before that of UTC.
    Member.objects.filter(pk=me.pk).update(date_joined=datetime(2026, 3, 31, 20, tzinfo=UTC))
    early = gain(9, date_joined=datetime(2026, 2, 28, 22, tzinfo=UTC))
    gain(8, date_joined=datetime(2026, 2, 28, 20, tzinfo=UTC))
    gain(7, date_joined=datetime(2026, 3, 31, 21, 30, tzinfo=UTC))
    gain(5, me)

    page = member_client.get(PAGE, {"group": "joined"})

    assert page.context["group"].label == "Joined in March 2026"
    rows = [(1, early.name), (2, me.name)]
    assert shown(member_client, group="joined") == [rows, rows]


def test_cohort_of_december_ends_with_the_year(program):
    me = gain(5, date_joined=datetime(2026, 12, 31, 12, tzinfo=UTC))
    gain(6, date_joined=datetime(2027, 1, 1, 12, tzinfo=UTC))

    among = joined_with(me, ZoneInfo("Europe/Istanbul"))

    assert [row.face.pk for row in top(period=EVER, among=among)] == [me.pk]


def test_neighbours_in_an_interest_are_found_among_many_others(program, climbing):
    climbers = [gain(amount, interests=["climbing"]) for amount in (500, 300, 100)]
    for amount in range(101, 240):
        gain(amount)

    rows = around(member=climbers[2], period=EVER, among=interested_in("climbing"))

    assert [(row.rank, row.face.pk) for row in rows] == [
        (1, climbers[0].pk),
        (2, climbers[1].pk),
        (3, climbers[2].pk),
    ]


def test_who_shares_a_place_is_told_so(member_client, program):
    gain(9), gain(7), gain(7, member_client.member)

    page = member_client.get(PAGE).content.decode()

    assert page.count("shares place 2") == 4
    assert "shares place 1" not in page


def test_a_place_is_shared_with_whom_the_list_does_not_show(program):
    members = [gain(7) for _n in range(6)]

    assert [row.is_shared for row in top(period=EVER, limit=1)] == [True]
    assert [row.is_shared for row in around(member=members[3], period=EVER)] == [True] * 5


@pytest.mark.parametrize("group", ["", "joined", "in-climbing"])
@pytest.mark.parametrize("count", [1, 3])
def test_page_takes_the_same_queries_for_one_and_for_three(
    member_client, program, climbing, count, group, django_assert_num_queries
):
    for number in range(count):
        gain(5 + number, interests=["climbing"])
    gain(1, member_client.member)
    member_client.get(PAGE)

    with django_assert_num_queries(QUERIES[group]):
        member_client.get(PAGE, {"period": "ever", "group": group})


def test_switch_by_htmx_brings_the_board_alone(client, program):
    part = client.get(PAGE, {"period": "month"}, headers={"HX-Request": "true"}).content.decode()

    assert part.startswith('<div class="stack-l" id="board">')
    assert "<html" not in part


def test_member_without_the_interest_reads_how_to_appear(member_client, program, climbing):
    gain(5, member_client.member)

    page = member_client.get(PAGE, {"group": "in-climbing"}).content.decode()

    assert "This board is for those who chose “Climbing” among their interests." in page


def test_alias_stands_in_for_name_handle_and_picture_on_every_board(client, program, climbing):
    member = gain(5, interests=["climbing"], avatar="avatars/me.webp")
    save_privacy(member=member, alias="Silent Fox")

    for query in ({}, {"group": "in-climbing"}, {"period": "ever"}):
        page = client.get(PAGE, query).content.decode()
        assert "Silent Fox" in page
        assert not any(word in page for word in (member.name, member.handle, "me.webp"))
    client.force_login(member)
    for address in (PAGE, f"{PAGE}?group=joined", "/dashboard/"):
        rows = client.get(address).content.decode().split('class="board"')[1:]
        assert rows
        assert all("Silent Fox" in row.split("</ol>")[0] for row in rows)
        assert not any(f"/members/{member.handle}/" in row.split("</ol>")[0] for row in rows)


def test_who_opted_out_or_left_is_on_no_board(client, program, climbing):
    hidden = gain(9, interests=["climbing"])
    save_privacy(member=hidden, is_listed=False, alias="Silent Fox")
    gone = gain(8, interests=["climbing"])
    close_account(member=gone)
    seen = gain(5, interests=["climbing"])

    for query in ({}, {"group": "in-climbing"}, {"period": "ever"}):
        assert shown(client, **query)[0] == [(1, seen.name)]
    client.force_login(hidden)
    assert shown(client, group="joined") == [[(1, seen.name)], []]


def test_alias_is_chosen_on_the_privacy_page_and_no_other_members_name(member_client, program):
    other = MemberFactory(name="Ada Lovelace", handle="ada")
    save_privacy(member=MemberFactory(), alias="Silent Fox")
    choices = {"audience": "everyone", "is_listed": "on"}

    for taken in ("ada lovelace", "ADA", "silent fox", "***"):
        form = member_client.post(PRIVACY, {**choices, "alias": taken}).context["form"]
        assert len(form.errors) == 1
    member_client.post(PRIVACY, {**choices, "alias": " Quiet  Bear "})

    assert Member.objects.get(pk=member_client.member.pk).alias == "Quiet Bear"
    assert other.alias == ""


def test_one_alias_is_held_once(db):
    save_privacy(member=MemberFactory(), alias="Silent Fox")

    with pytest.raises(IntegrityError), transaction.atomic():
        save_privacy(member=MemberFactory(), alias="silent fox")


def test_alias_goes_with_the_account(program):
    member = gain(5)
    save_privacy(member=member, alias="Silent Fox")

    close_account(member=member)

    assert Member.objects.get(pk=member.pk).alias == ""


def test_visitors_have_no_cohort(client, program):
    groups = client.get(PAGE).context["groups"]

    assert [label for label, _url, _current in groups] == ["Everyone"]
