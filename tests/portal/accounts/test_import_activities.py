import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from badges.services.verification import verify
from portal.accounts.services import intake
from portal.activity.models import Activity
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule


@pytest.fixture
def write(tmp_path, commits):
    publish_rule(verb="import.answer_voted", amount=10)
    MemberFactory(handle="ayse")

    def write(*lines):
        texts = [json.dumps(one) if isinstance(one, dict) else one for one in lines]
        data = b"\n".join(one if isinstance(one, bytes) else one.encode() for one in texts)
        path = tmp_path / "activities.jsonl"
        path.write_bytes(data)
        return path

    return write


def run(path, *options):
    """The last line printed, what was said beside, and the error that it ended with."""
    out, err, error = StringIO(), StringIO(), None
    try:
        call_command(
            "import_activities", str(path), *options, source="forum", stdout=out, stderr=err
        )
    except CommandError as caught:
        error = str(caught)
    return (out.getvalue().splitlines() or [""])[-1], err.getvalue(), error


def votes(count, **fields):
    return [activity(f"a{n:04}", "ayse", **fields) for n in range(count)]


def test_file_is_recorded_and_a_second_run_repeats(write):
    path = write(*votes(3), "", activity("a0000", "ayse"))

    assert run(path)[::2] == ("3 recorded, 1 repeated, 0 refused", None)
    assert run(path)[::2] == ("0 recorded, 4 repeated, 0 refused", None)
    assert verify() == []


def test_one_bad_line_among_many_keeps_everything_out(write):
    path = write(*votes(20), activity("b", "ayse", value=True), *votes(3, value=2))

    last, told, error = run(path)

    assert last == "0 recorded, 0 repeated, 4 refused"
    assert error == "Nothing was written; --keep-going leaves the bad lines out."
    assert f"{path}:21: value: must be an integer" in told
    assert f"{path}:22: id: 'a0000' comes twice with different content (see 1)" in told
    assert Activity.objects.count() == 0


def test_bad_lines_are_left_out_where_that_is_wanted(write):
    path = write("{", *votes(2), activity("b", "nobody"), b"\xff\xfe", '{"id": "c", "id": "d"}')

    last, told, error = run(path, "--keep-going")

    assert (last, error) == ("2 recorded, 0 repeated, 4 refused", None)
    assert [line.removeprefix(f"{path}:") for line in told.splitlines()[1:5]] == [
        "1: line: is not JSON: Expecting property name enclosed in double quotes",
        "4: member: unknown member 'nobody'",
        "5: line: is not UTF-8",
        "6: id: is given twice",
    ]


def test_many_bad_lines_are_not_all_listed(write):
    _last, told, _error = run(write(*["{"] * 60))

    assert told.splitlines()[-1] == "... and 10 more"


def test_dry_run_writes_nothing(write):
    last, _told, error = run(write(*votes(2)), "--dry-run")

    assert (last, error) == ("Nothing was written: 2 good, 0 bad lines.", None)
    assert Activity.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n\n"])
def test_empty_file_records_nothing(write, content):
    assert run(write(content))[::2] == ("0 recorded, 0 repeated, 0 refused", None)


def test_byte_order_mark_is_passed_over(write):
    path = write(b"\xef\xbb\xbf" + json.dumps(activity("a", "ayse")).encode())

    assert run(path)[0] == "1 recorded, 0 repeated, 0 refused"


def test_file_that_is_not_there_is_named(tmp_path):
    _last, _told, error = run(tmp_path / "none.jsonl")

    assert error == f"{tmp_path / 'none.jsonl'}: No such file or directory"


def test_source_must_not_pass_for_the_portal(write):
    with pytest.raises(CommandError, match="--source: a name of 1 to 40 characters"):
        call_command("import_activities", str(write()), source="portal")


def test_members_are_made_where_that_is_wanted(write):
    path = write(activity("a", "u1"), activity("b", "u2"))

    assert run(path)[0] == "0 recorded, 0 repeated, 2 refused"
    assert run(path, "--create-members")[0] == "2 recorded, 0 repeated, 0 refused"


@pytest.mark.django_db(transaction=True)
def test_killed_run_leaves_a_beginning_that_the_next_one_completes(tmp_path, monkeypatch):
    publish_rule(verb="import.answer_voted", amount=10)
    MemberFactory(handle="ayse")
    monkeypatch.setattr(intake, "BATCH", 10)
    lines = [
        activity(f"a{n:02}", "ayse", occurred_at=f"2018-03-{31 - n:02}T10:00:00Z")
        for n in range(25)
    ]
    path = tmp_path / "activities.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))

    def killed(self, count, total):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("portal.accounts.management.commands.import_activities.Command._tell", killed)
        with pytest.raises(KeyboardInterrupt):
            run(path)

    first = set(Activity.objects.values_list("key", flat=True))
    assert first == {f"a{n:02}" for n in range(15, 25)}
    assert run(path)[0] == "15 recorded, 10 repeated, 0 refused"
    assert verify() == []
