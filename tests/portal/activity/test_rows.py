"""Rows written many at a time say the same as rows written one by one, whatever is in them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from portal.activity.models import Activity
from portal.activity.rows import CHUNK, insert, insert_missing, new
from portal.activity.services import Draft, record_batch
from portal.activity.values import FEW
from portal.notifications.models import Notice
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.django_db

ODD = [
    "",
    "NULL",
    "null",
    '"',
    "\\",
    '\\"',
    "a,b",
    "{}",
    "{a}",
    "'; --",
    "%s",
    "$1",
    "\n\t",
    "şığ İ",
    "🏕",
]


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, CHUNK + 1])
def test_texts_arrive_as_they_are_however_many_go_together(count):
    member = MemberFactory()
    now = timezone.now()
    said = {f"{n}{ODD[n % len(ODD)]}": f"a:{ODD[n % len(ODD)]}" for n in range(count)}
    drafts = [
        Draft(member, "import.done", key, now - timedelta(seconds=n), thing, value=n - 3)
        for n, (key, thing) in enumerate(said.items())
    ]

    record_batch(drafts, source="test")

    rows = Activity.objects.filter(source="test")
    assert dict(rows.values_list("key", "object")) == said
    told = {draft.key: (draft.occurred_at, draft.value) for draft in drafts}
    assert {row.key: (row.occurred_at, row.value) for row in rows} == told


@pytest.mark.parametrize("count", [1, FEW - 1, FEW, CHUNK + 1])
def test_each_row_gets_the_key_under_which_it_is_stored(count):
    member, now = MemberFactory(), timezone.now()
    keys = [f"{n * 7919 % 10_007}" for n in range(count)]
    said = {"verb": "import.done", "source": "test", "content_hash": "", "member": member}
    said |= {"occurred_at": now, "local_date": now.date()}
    rows = [new(Activity, **said, key=key, sequence=n) for n, key in enumerate(keys)]

    insert(rows)

    stored = Activity.objects.filter(source="test").values_list("pk", "key", "sequence")
    assert sorted(stored) == sorted((row.pk, row.key, row.sequence) for row in rows)


def test_what_a_sender_says_keeps_its_hash_from_release_to_release():
    member = MemberFactory.build(id=7)
    moment = datetime(2026, 11, 3, 9, 30, 0, 250_000, tzinfo=UTC)
    odd = Draft(member, "import.done", "a", moment, 'a:"\\şığ\n🏕', value=-3)
    reversal = Draft(member, "import.done", "a", moment.replace(microsecond=0), reverses="b")

    assert odd.content_hash == "2233b02ebd694794c3a4f5d5b2b76933c1c8acffcc14448e13b70fc1263ccf7b"
    assert (
        reversal.content_hash == "a7cf793b4984aac68219dbe6a6c14ee1a5aa7bb59634a939e88a8590b4af1b8a"
    )


@pytest.mark.parametrize("count", [1, FEW])
def test_what_a_notice_holds_arrives_as_it_is(count):
    members = [MemberFactory() for _ in range(count)]
    payload = {"odd": ODD, "none": None, "deep": {"yes": True, "number": 1.5}}
    read = [None, timezone.now()]
    said = [{"payload": payload | {"n": n}, "read_at": read[n % 2]} for n in range(count)]
    rows = [
        new(Notice, recipient=one, kind="test", sequence=1, **more)
        for one, more in zip(members, said, strict=True)
    ]

    insert_missing(rows, unique=["recipient_id", "sequence"])

    found = list(Notice.objects.order_by("pk"))
    assert [{"payload": row.payload, "read_at": row.read_at} for row in found] == said
    assert [row.pk for row in rows] == [row.pk for row in found]


@pytest.mark.parametrize("others", [[], [{"level": "guide"}]])
def test_notices_that_say_the_same_share_it_in_memory_alone(others):
    payload = {"level": "explorer"}
    said = [*[payload] * FEW, *others]
    rows = [
        new(Notice, recipient=MemberFactory(), kind="test", payload=one, sequence=1) for one in said
    ]

    insert_missing(rows, unique=["recipient_id", "sequence"])
    Notice.objects.filter(pk=rows[0].pk).update(payload={})

    assert [row.payload for row in Notice.objects.order_by("pk")] == [{}, *said[1:]]


def test_a_new_row_has_the_defaults_and_the_relations_of_its_model():
    member = MemberFactory()

    short, long = new(Notice, recipient=member, kind="k"), Notice(recipient=member, kind="k")

    assert {name: value for name, value in vars(short).items() if name != "created_at"}.keys() == {
        name for name in vars(long) if name != "created_at"
    }
    for name in ("pk", "payload", "sequence", "is_toast", "read_at", "recipient_id", "recipient"):
        assert getattr(short, name) == getattr(long, name)
    assert short.payload is not new(Notice, recipient=member, kind="k").payload


def test_a_new_row_refuses_what_its_model_does_not_have():
    with pytest.raises(TypeError, match="Notice has no colour"):
        new(Notice, kind="k", colour="red")
