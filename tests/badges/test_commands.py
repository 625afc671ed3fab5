import pytest
from django.core.management import CommandError, call_command

from badges.models import Account, ProgramVersion
from community.services.ideas import post_idea
from tests.factories.programs import publish_rule

PROGRAM = """
program: 1
currencies:
  points: {name: {en: Points, tr: Puan}, spendable: true}
"""


def test_load_program_publishes_and_export_gives_the_same_back(db, tmp_path, capsys):
    file, copy = tmp_path / "program.yaml", tmp_path / "copy.yaml"
    file.write_text(PROGRAM, encoding="utf-8")

    call_command("load_program", file)
    call_command("export_program", copy)
    call_command("load_program", copy)

    assert capsys.readouterr().out.splitlines() == [
        "Programme version 1 published.",
        "Programme version 1 is in force already.",
    ]


def test_dry_run_prints_the_difference_and_loads_nothing(db, tmp_path, capsys):
    file = tmp_path / "program.yaml"
    file.write_text(PROGRAM, encoding="utf-8")

    call_command("load_program", file, dry_run=True)

    assert "-  experience:" in capsys.readouterr().out
    assert not ProgramVersion.objects.exists()


def test_broken_programme_names_file_and_place_and_loads_nothing(db, tmp_path):
    file = tmp_path / "program.yaml"
    file.write_text(PROGRAM + "surprise: 1\n", encoding="utf-8")

    with pytest.raises(CommandError, match=r"program\.yaml: surprise: "):
        call_command("load_program", file)

    assert not ProgramVersion.objects.exists()


def test_missing_file_is_told(db, tmp_path):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("load_program", tmp_path / "nowhere.yaml")


def test_verify_ledger_is_content_with_a_sound_ledger_and_fails_on_a_difference(member, capsys):
    publish_rule(amount=10)
    post_idea(author=member, title="Bike racks")
    call_command("verify_ledger")
    assert "The ledger adds up." in capsys.readouterr().out

    Account.objects.of(member).filter(kind="wallet").update(balance=9)

    with pytest.raises(CommandError, match=r"1 difference\(s\)"):
        call_command("verify_ledger")
    assert "9 kept, 10 counted" in capsys.readouterr().err
