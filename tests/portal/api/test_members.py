import pytest

from portal.accounts.services.closing import close_account
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import badge, publish_program, rule


@pytest.fixture
def program(commits):
    verb = "import.answer_voted"
    return publish_program(
        rules=[rule("pays", verb), rule("teaches", verb, 60, "experience")],
        badges=[
            badge(
                "nice",
                {"sum": {"verb": verb, "per": "object"}, "at_least": 1},
                tier="bronze",
                repeatable=True,
            )
        ],
        levels=[
            {"code": "newcomer", "name": {"en": "Newcomer", "tr": "Yeni"}, "experience": 0},
            {"code": "explorer", "name": {"en": "Explorer", "tr": "Kâşif"}, "experience": 100},
        ],
    )


def test_member_is_shown_with_what_they_hold(caller, program):
    member = MemberFactory(handle="ayse", name="Ayşe")
    caller.send(activity("a", "ayse"), activity("b", "ayse", object="post:2"))

    shown = caller.get("members/ayse").json()

    assert shown == {
        "handle": "ayse",
        "name": "Ayşe",
        "joined_at": shown["joined_at"],
        "balances": {"experience": 120, "points": 20},
        "level": "explorer",
        "badges": {"nice": 2},
    }
    assert shown["joined_at"][:10] == f"{member.date_joined:%Y-%m-%d}"


@pytest.mark.parametrize("count", [1, 3])
def test_members_are_listed_with_as_many_queries_for_three(
    caller, program, count, django_assert_num_queries
):
    for n in range(count):
        MemberFactory(handle=f"m{n}")
    caller.get("members")  # the key's first use is written down

    with django_assert_num_queries(5):
        found = caller.get("members").json()

    assert [one["handle"] for one in found["members"]] == [f"m{n}" for n in range(count)]
    assert found["next"] is None


def test_members_are_paged_by_cursor(caller, program):
    for n in range(5):
        MemberFactory(handle=f"m{n}")

    pages, cursor = [], ""
    while cursor is not None:
        page = caller.get("members", {"limit": 2, "cursor": cursor}).json()
        pages.append([one["handle"] for one in page["members"]])
        cursor = page["next"]

    assert pages == [["m0", "m1"], ["m2", "m3"], ["m4"]]


def test_who_opted_out_or_left_appears_nowhere(caller, program):
    MemberFactory(handle="hidden", is_listed=False)
    MemberFactory(handle="barred", is_active=False)
    close_account(member=MemberFactory(handle="leaver"))

    assert caller.get("members").json()["members"] == []
    for handle in ("hidden", "barred", "leaver", "nobody"):
        assert caller.get(f"members/{handle}").status_code == 404
        assert caller.get("activities", {"member": handle}).status_code == 404


def test_who_chose_an_alias_is_not_given_away_by_their_totals(caller, program):
    member = MemberFactory(handle="ayse", alias="Silent Fox")
    MemberFactory(handle="bora")
    caller.send(activity("a", "ayse"), activity("b", "bora"))

    listed = caller.get("members").json()["members"]

    assert [(one["handle"], one["balances"]) for one in listed] == [
        ("ayse", {}),
        ("bora", {"experience": 60, "points": 10}),
    ]
    assert caller.get(f"members/{member.handle}").json()["balances"] == {}
    assert not any("Silent Fox" in str(one) for one in listed)


@pytest.mark.parametrize("choice", [{"shows_badges": False}, {"is_playing": False}])
def test_level_and_badges_show_where_the_profile_shows_them(caller, program, choice):
    MemberFactory(handle="ayse", **choice)
    caller.send(activity("a", "ayse"))

    shown = caller.get("members/ayse").json()

    assert (shown["level"], shown["badges"]) == (None, {})
    assert shown["balances"] == {"experience": 60, "points": 10}
