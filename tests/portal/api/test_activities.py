import pytest

from badges.services.books import balance
from badges.services.verification import verify
from portal.accounts.models import ExternalIdentity
from portal.activity.models import Activity, WaitingReversal
from portal.api.views import activities as views
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule


@pytest.fixture
def known(commits):
    publish_rule(verb="import.answer_voted", amount=10)
    member = MemberFactory(handle="ayse")
    ExternalIdentity.objects.create(source="shop", external_id="u12", member=member)
    return member


def places(response):
    return [(one.get("index"), one["field"], one["pointer"]) for one in response.json()["errors"]]


def test_activities_are_recorded_and_paid_once(caller, known):
    first = caller.send(activity("a"), activity("b"), activity("a"))
    second = caller.send(activity("b"), activity("c"))

    assert (first.status_code, first.json()) == (200, {"recorded": 2, "repeated": 1})
    assert (second.status_code, second.json()) == (200, {"recorded": 1, "repeated": 1})
    assert balance(member=known, currency="points") == 30
    assert verify() == []


def test_one_mistake_keeps_everything_out_and_is_named(caller, known):
    response = caller.send(
        activity("a"),
        activity("b", value=1.0),
        activity("c", member="nobody"),
        activity("a", value=3),
    )

    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert places(response) == [
        (1, "value", "#/activities/1/value"),
        (2, "member", "#/activities/2/member"),
        (3, "id", "#/activities/3/id"),
    ]
    assert response.json()["detail"] == (
        "Nothing was kept; mistakes: 3. The first is activities[1].value: must be an integer"
    )
    assert (Activity.objects.count(), WaitingReversal.objects.count()) == (0, 0)


def test_mistakes_are_told_in_the_language_that_is_accepted(caller, known):
    response = caller.send(activity(value=True), **{"Accept-Language": "tr-TR,tr;q=0.9,en;q=0.5"})

    assert response["Content-Language"] == "tr"
    assert response.json()["errors"][0]["detail"] == "tam sayı olmalı"


@pytest.mark.parametrize(
    "body, pointer, detail",
    [
        ({"activities": []}, "#/source", "is missing"),
        ({"source": "shop"}, "#/activities", "is missing"),
        ({"source": 1, "activities": []}, "#/source", "must be a text"),
        ({"source": "shop", "activities": {}}, "#/activities", "must be a list"),
        ({"source": "shop", "activities": [], "x": 1}, "#/x", "is not known here"),
        ({"source": "portal", "activities": []}, "#/source", None),
        ({"source": "", "activities": []}, "#/source", None),
        ({"source": "x" * 41, "activities": []}, "#/source", "is not as it should be"),
        ({"source": "shop", "activities": [1] * 1001}, "#/activities", "holds more than 1000"),
        ("[]", "#/", "must be an object"),
        ("null", "#/", "must be an object"),
    ],
)
def test_body_of_another_form_is_refused(caller, body, pointer, detail):
    response = caller.post("activities", body)

    assert response.status_code == 422
    assert [one["pointer"] for one in response.json()["errors"]] == [pointer]
    expected = detail or "must be a name of 1 to 40 characters, other than portal"
    assert response.json()["errors"][0]["detail"] == expected


@pytest.mark.parametrize("body", ["{", "NaN", b"\xff", "[" * 100_000, "1" * 5000])
def test_body_that_is_no_json_is_refused(caller, body):
    response = caller.post("activities", body)

    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert response.json()["detail"] == "The body is not JSON."


def test_name_given_twice_is_a_mistake(caller):
    response = caller.post("activities", '{"source": "shop", "activities": [{"id":"a","id":"b"}]}')

    assert places(response) == [(0, "id", "#/activities/0/id")]


def test_a_thousand_activities_are_taken_in(caller, known):
    response = caller.send(*(activity(f"a{n}") for n in range(1000)))

    assert response.json() == {"recorded": 1000, "repeated": 0}
    assert balance(member=known, currency="points") == 10_000


def test_long_lists_of_mistakes_are_cut(caller, monkeypatch):
    monkeypatch.setattr(views, "MOST_SHOWN", 2)

    response = caller.send(*(activity(f"a{n}", value="1") for n in range(3)))

    assert len(places(response)) == 2
    assert "mistakes: 3" in response.json()["detail"]


def test_activities_of_a_member_are_read_page_by_page(caller, known, django_assert_num_queries):
    caller.send(*(activity(f"a{n}") for n in range(2)), activity("r", reverses="a0"))
    other = MemberFactory(handle="other")
    caller.send(activity("x", member="other"))

    with django_assert_num_queries(3):
        first = caller.get("activities", {"member": "ayse", "limit": 2}).json()
    second = caller.get("activities", {"member": "ayse", "cursor": first["next"]}).json()

    found = [*first["activities"], *second["activities"]]
    assert [(one["id"], one["reverses"]) for one in found] == [
        ("r", "a0"),
        ("a1", None),
        ("a0", None),
    ]
    assert found[1] == {
        "source": "shop",
        "id": "a1",
        "occurred_at": "2018-03-12T17:00:00Z",
        "recorded_at": found[1]["recorded_at"],
        "verb": "import.answer_voted",
        "member": "ayse",
        "object": "post:45",
        "value": 1,
        "reverses": None,
    }
    assert second["next"] is None
    assert other.activities.count() == 1


@pytest.mark.parametrize("asked", [{"member": "nobody"}, {"member": "a\x00"}])
def test_activities_of_unknown_members_are_not_found(caller, asked):
    assert caller.get("activities", asked).status_code == 404


@pytest.mark.parametrize(
    "asked, field",
    [
        ({}, "member"),
        ({"member": "ayse", "limit": 0}, "limit"),
        ({"member": "ayse", "limit": "x"}, "limit"),
        ({"member": "ayse", "limit": 101}, "limit"),
        ({"member": "ayse", "cursor": "?"}, "cursor"),
        ({"member": "ayse", "cursor": "YQ"}, "cursor"),
    ],
)
def test_questions_of_another_form_are_refused(caller, known, asked, field):
    response = caller.get("activities", asked)

    assert response.status_code == 422
    assert [one["field"] for one in response.json()["errors"]] == [field]
