from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from portal.accounts.services.lines import Line, LineError, parse_json, read_line
from tests.factories.outside import activity

WRONG = [
    ([], "line", "must be an object"),
    (activity(colour="red"), "colour", "is not a field of an activity"),
    ({"id": "a"}, "occurred_at", "is missing"),
    (activity(id=""), "id", "is empty"),
    (activity(id="   "), "id", "is empty"),
    (activity(id=12), "id", "must be a text"),
    (activity(id="x" * 201), "id", "is longer than 200 characters"),
    (activity(id="a\x00"), "id", "holds a character that cannot be kept"),
    (activity(id="\ud800"), "id", "holds a character that cannot be kept"),
    (activity(member=None), "member", "must be a text"),
    (activity(verb="import." + "x" * 74), "verb", "is longer than 80 characters"),
    (activity(verb="shop.bought"), "verb", "unknown verb 'shop.bought'"),
    (activity(object="post"), "object", "must read <noun>:<id>"),
    (activity(object="post:"), "object", "must read <noun>:<id>"),
    (activity(object="a post:1"), "object", "must read <noun>:<id>"),
    (activity(value=True), "value", "must be an integer"),
    (activity(value=1.0), "value", "must be an integer"),
    (activity(value="1"), "value", "must be an integer"),
    (activity(value=None), "value", "must be an integer"),
    (activity(value=1_000_000_001), "value", "value 1000000001 is out of range"),
    (activity(value=-1_000_000_001), "value", "value -1000000001 is out of range"),
    (activity(occurred_at=1520874000), "occurred_at", "must be a text"),
    (activity(occurred_at="yesterday"), "occurred_at", "'yesterday' is not an ISO 8601 time"),
    (activity(occurred_at="2018-03-12T17:00:00"), "occurred_at", "has no time zone"),
    (activity(occurred_at="2018-03-12"), "occurred_at", "has no time zone"),
    (activity(occurred_at="0001-01-01T00:00:00+14:00"), "occurred_at", "is out of range"),
    (activity(occurred_at="9999-12-31T23:59:59-14:00"), "occurred_at", "is out of range"),
    (activity(occurred_at="9998-01-01T00:00:00Z"), "occurred_at", "occurred_at lies in the future"),
]


def test_line_has_its_defaults_and_is_in_universal_time():
    data = activity(occurred_at="2018-03-12T20:00:00+03:00")
    del data["object"]

    assert read_line(data, 7) == Line(
        place=7,
        id="vote-1",
        occurred_at=datetime(2018, 3, 12, 17, tzinfo=UTC),
        verb="import.answer_voted",
        member="u12",
        object="",
        value=1,
        reverses="",
    )


@pytest.mark.parametrize("data, field, message", WRONG)
def test_line_that_is_wrong_names_the_field(data, field, message):
    with pytest.raises(LineError) as caught:
        read_line(data, 1)

    assert (caught.value.field, caught.value.message) == (field, message)


@pytest.mark.parametrize("value", [1_000_000_000, -1_000_000_000, 0])
def test_values_may_go_to_the_ends_of_the_range(value):
    assert read_line(activity(value=value), 1).value == value


def test_tomorrow_lies_in_the_future():
    tomorrow = timezone.now() + timedelta(days=1)

    with pytest.raises(LineError, match="occurred_at: occurred_at lies in the future"):
        read_line(activity(occurred_at=tomorrow.isoformat()), 1)


def test_line_is_refused_in_the_language_in_force():
    with translation.override("tr"), pytest.raises(LineError) as caught:
        read_line(activity(value=True), 1)

    assert caught.value.message == "tam sayı olmalı"


@pytest.mark.parametrize(
    "text, message",
    [
        ("{", "is not JSON"),
        ("NaN", "is not JSON: NaN"),
        ('{"value": Infinity}', "is not JSON: Infinity"),
        ("1" * 5000, "is not JSON"),
        ("[" * 200_000, "is nested too deeply"),
    ],
)
def test_what_is_no_json_is_refused(text, message):
    with pytest.raises(LineError) as caught:
        parse_json(text)

    assert caught.value.field == "line"
    assert caught.value.message.startswith(message)


def test_name_given_twice_is_refused():
    data = parse_json('{"id": "a", "member": "u1", "id": "b"}')

    with pytest.raises(LineError, match="id: is given twice"):
        read_line(data, 1)
