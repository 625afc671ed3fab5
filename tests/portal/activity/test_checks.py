import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.activity import triggers
from portal.activity.checks import ledgers_are_guarded


@pytest.fixture
def register(monkeypatch):
    """Tables that count as append-only for one test."""
    monkeypatch.setattr(triggers, "_tables", dict(triggers._tables))
    return triggers.register_append_only


@pytest.mark.django_db
def test_table_without_its_triggers_is_an_error(register):
    register("accounts_member")

    found = ledgers_are_guarded(databases=["default"])

    assert {error.id for error in found} == {"activity.E001"}
    assert "accounts_member_no_update" in found[0].msg + found[-1].msg


@pytest.mark.django_db
def test_table_that_is_still_to_be_migrated_is_none(register):
    register("badges_of_tomorrow")

    assert ledgers_are_guarded(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL replaces them all")
def test_triggers_that_stand_are_left_alone_and_others_are_put_right():
    with CaptureQueriesContext(connection) as again:
        triggers.install_triggers()
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER badges_entry_no_delete")
        cursor.execute("DROP TRIGGER badges_entry_no_update")
        cursor.execute(
            "CREATE TRIGGER badges_entry_no_update BEFORE UPDATE ON badges_entry"
            " BEGIN SELECT 'nothing is refused'; END"
        )
    with CaptureQueriesContext(connection) as repair:
        triggers.install_triggers()

    assert [first_words(query) for query in again if "TRIGGER " in query["sql"]] == []
    assert [first_words(query) for query in repair if "TRIGGER " in query["sql"]] == [
        "DROP TRIGGER IF EXISTS badges_entry_no_update",
        "CREATE TRIGGER badges_entry_no_update BEFORE UPDATE",
        "DROP TRIGGER IF EXISTS badges_entry_no_delete",
        "CREATE TRIGGER badges_entry_no_delete BEFORE DELETE",
    ]


def first_words(query):
    return " ".join(query["sql"].split()[:5])
