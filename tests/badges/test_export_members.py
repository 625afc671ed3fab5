import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from badges.management.commands import export_members
from badges.models import BadgeAward
from badges.services.revoking import revoke_badge
from portal.accounts.services.closing import close_account
from portal.accounts.services.identities import create_members
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule

VERB = "import.answer_voted"


@pytest.fixture
def program(commits):
    return publish_program(
        rules=[rule("pays", VERB, 10), rule("teaches", VERB, 60, "experience")],
        badges=[
            badge(
                "nice",
                {"count": {"verb": VERB, "per": "object"}, "at_least": 1},
                tier="bronze",
                repeatable=True,
            )
        ],
        levels=[{"code": "able", "name": {"en": "Able", "tr": "Usta"}, "experience": 100}],
    )


@pytest.fixture
def export(tmp_path):
    def export(**options):
        path = tmp_path / "members.jsonl"
        call_command("export_members", str(path), stdout=StringIO(), stderr=StringIO(), **options)
        return path.read_text(encoding="utf-8")

    return export


def test_members_are_written_as_promised(program, export):
    busy = MemberFactory(handle="busy")
    MemberFactory(handle="b-quiet", is_listed=False)
    MemberFactory(handle="b_quiet")
    for n in (1, 2):
        record(member=busy, verb=VERB, object=f"post:{n}", source="forum", key=f"v{n}")
    close_account(member=MemberFactory(handle="gone-soon"))

    assert export() == (
        '{"badges": {}, "balances": {"experience": 0, "points": 0},'
        ' "level": null, "member": "b-quiet"}\n'
        '{"badges": {}, "balances": {"experience": 0, "points": 0},'
        ' "level": null, "member": "b_quiet"}\n'
        '{"badges": {"nice": 2}, "balances": {"experience": 120, "points": 20},'
        ' "level": "able", "member": "busy"}\n'
    )


def test_badge_that_was_taken_back_is_not_held(program, export):
    member = MemberFactory(handle="busy")
    record(member=member, verb=VERB, object="post:1", source="forum", key="v1")
    revoke_badge(award=BadgeAward.objects.get(), reason="By mistake.")

    assert json.loads(export())["badges"] == {}


def test_members_of_a_source_have_their_names_there_by_code_point(program, export):
    names = ["Zoë", "a", "B", "ç", "Ş", "10", "9", "\U0001f600", "ﬀ"]
    create_members(names, source="forum")
    create_members(["else"], source="shop")

    found = [json.loads(line)["member"] for line in export(source="forum").splitlines()]

    assert found == sorted(names)
    assert export(source="nobody") == ""


def test_each_chunk_costs_the_same(program, export, monkeypatch):
    monkeypatch.setattr(export_members, "CHUNK", 2)
    monkeypatch.setattr(export_members, "STEP", 2)
    costs = []
    MemberFactory()
    export()  # the programme is read once a process
    for size in (1, 2):
        for _member in range(size):
            MemberFactory()
        with CaptureQueriesContext(connection) as queries:
            export()
        costs.append(len(queries))

    assert costs == [4, 7]


def test_file_that_cannot_be_written_is_named(tmp_path, db):
    with pytest.raises(CommandError, match="Is a directory"):
        call_command("export_members", str(tmp_path))
