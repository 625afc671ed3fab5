import pytest

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
