"""The history of a real question-and-answer site, judged, and counted again without the product."""

import io
import json
import os
import subprocess
import sys
import time
from collections import Counter

import pytest
from django.core.management import call_command

from badges.services.verification import verify
from portal.activity.models import Activity
from tests.badges import question_site as site
from tests.databases import database_url

SOURCE = "conlang"
pytestmark = pytest.mark.skipif(
    not site.FOLDER.exists(), reason=f"the site's history is not there: {site.FOLDER}"
)
# What the site's own badges have and its published history no longer shows.
VOTE_GONE = "answer 4 stands at 9 votes: one of the ten was taken back after the badge"
COMMENTS_GONE = "fewer than ten of the member's comments are left, the others were deleted"
UNACCEPTED = "question 23 has no accepted answer any more: the acceptance was taken back"
MISSED = {
    ("Nice Answer", "31"): VOTE_GONE,
    ("Commentator", "31"): COMMENTS_GONE,
    ("Commentator", "8"): COMMENTS_GONE,
    ("Scholar", "24"): UNACCEPTED,
}


# Small batches, so that a kill finds some of them done and others not.
IMPORT = """
import sys, django
django.setup()
from django.core.management import call_command
from portal.accounts.services import intake
intake.BATCH = 20
call_command("import_activities", sys.argv[1], "--source", sys.argv[2], "--create-members")
"""


@pytest.fixture(scope="module")
def history():
    return site.facts()


@pytest.fixture(scope="module")
def expected(history):
    counted = site.recount(history)
    lines = [json.dumps(counted[name], sort_keys=True) for name in sorted(counted)]
    return "".join(f"{line}\n" for line in lines)


def bring_in(facts, folder):
    path = site.write(facts, folder / "history.jsonl")
    call_command("import_activities", path, "--source", SOURCE, "--create-members")


def exported(folder):
    """The members of the source as `export_members` writes them."""
    path = folder / "members.jsonl"
    call_command("export_members", path, "--source", SOURCE, verbosity=0, stdout=io.StringIO())
    return path.read_text(encoding="utf-8")


def badges_in(export):
    lines = map(json.loads, export.splitlines())
    return {line["member"]: line["badges"] for line in lines}


@pytest.fixture
def program(db):
    call_command("load_program", site.PROGRAM, verbosity=0)


def test_count_without_the_product_agrees_member_by_member_also_after_a_second_run(
    program, commits, history, expected, tmp_path, capsys
):
    bring_in(history, tmp_path)
    assert exported(tmp_path) == expected
    assert verify() == []

    bring_in(history, tmp_path)

    assert exported(tmp_path) == expected
    count = len(history)
    assert capsys.readouterr().out.splitlines()[-2:] == [
        f"{count} recorded, 0 repeated, 0 refused",
        f"0 recorded, {count} repeated, 0 refused",
    ]


def test_file_in_reversed_order_gives_the_same(program, commits, history, expected, tmp_path):
    bring_in(reversed(history), tmp_path)

    assert exported(tmp_path) == expected


def test_two_halves_give_the_same(program, commits, history, expected, tmp_path):
    middle = len(history) // 2

    bring_in(history[:middle], tmp_path)
    bring_in(history[middle:], tmp_path)

    assert exported(tmp_path) == expected


def test_halves_in_the_wrong_order_give_every_badge_and_keep_what_late_facts_would_prevent(
    program, commits, history, expected, tmp_path
):
    middle = len(history) // 2

    bring_in(history[middle:], tmp_path)
    bring_in(history[:middle], tmp_path)

    # The votes against an answer of 92 came after those for it: a badge once given stays.
    assert badges_in(exported(tmp_path)) == badges_in(expected) | {"92": {"teacher": 1}}
    assert verify() == []


@pytest.mark.django_db(transaction=True)
def test_killed_run_leaves_a_beginning_that_the_next_one_completes(
    program, history, expected, tmp_path, capsys
):
    path = site.write(history, tmp_path / "history.jsonl")
    environment = {"DJANGO_SETTINGS_MODULE": "portal.settings.test", "DATABASE_URL": database_url()}
    run = subprocess.Popen(
        [sys.executable, "-c", IMPORT, path, SOURCE], env=os.environ | environment
    )
    deadline = time.monotonic() + 120
    while Activity.objects.count() < 200 and run.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    run.kill()
    run.wait()
    kept = list(Activity.objects.order_by("occurred_at", "key").values_list("key", flat=True))
    assert 200 <= len(kept) < len(history)
    assert kept == [fact.id for fact in history[: len(kept)]]

    bring_in(history, tmp_path)

    assert exported(tmp_path) == expected
    assert verify() == []
    done = capsys.readouterr().out.splitlines()[-1]
    assert done == f"{len(history) - len(kept)} recorded, {len(kept)} repeated, 0 refused"


@pytest.mark.parametrize(
    ("name", "reached", "given"),
    [
        ("Teacher", 25, 25),
        ("Student", 30, 30),
        ("Nice Question", 14, 14),
        ("Nice Answer", 18, 19),
        ("Commentator", 6, 8),
        ("Scholar", 11, 12),
    ],
)
def test_badges_that_the_site_gave_are_reached(name, reached, given, expected):
    theirs, code = site.site_badges(name), name.lower().replace(" ", "-")

    ours = Counter({member: held.get(code, 0) for member, held in badges_in(expected).items()})

    assert ((theirs & ours).total(), theirs.total()) == (reached, given)
    assert {(name, member) for member in theirs - ours} == {one for one in MISSED if one[0] == name}
