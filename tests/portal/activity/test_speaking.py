"""Who may say a verb: a walk over every verb that is registered, at every door for facts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from badges.models import Account, Transfer
from badges.services.books import balance
from badges.services.verification import verify
from portal.accounts.services.intake import Intake, is_source
from portal.accounts.services.lines import read_line
from portal.activity import registry
from portal.activity.models import Activity, WaitingReversal
from portal.activity.registry import (
    ANY_SOURCE,
    PORTAL_ONLY,
    STAFF_COMMANDS,
    Speaker,
    only_sources,
    register_verbs,
)
from portal.activity.services import Draft, faults_of, record, record_batch
from portal.activity.services.recording import FactError
from tests.factories.members import MemberFactory
from tests.factories.outside import activity
from tests.factories.programs import publish_rule
from tests.portal.api.conftest import Caller

VERBS = sorted(registry.speakers_of_verbs())
REFUSED = "%r is recorded by the portal alone; use a verb that begins with import."
SHOP, COMMAND = Speaker("shop"), Speaker("shop", is_command=True)


@pytest.fixture
def spoken(monkeypatch):
    """Verbs of a feature that lets others speak, each to somebody else."""
    monkeypatch.setattr(registry, "_verbs", dict(registry._verbs))
    monkeypatch.setattr(registry, "_speakers", dict(registry._speakers))
    register_verbs({"shop.thing_bought": "Bought"}, speakers=ANY_SOURCE)
    register_verbs({"shop.thing_kept": "Kept"}, speakers=STAFF_COMMANDS)
    register_verbs({"shop.thing_sent": "Sent"}, speakers=only_sources("shop"))
    register_verbs({"shop.thing_seen": "Seen"}, speakers=PORTAL_ONLY)


def draft(member, verb, **fields):
    line = read_line(activity(verb=verb, **fields), 0)
    return Draft(member, verb, line.id, line.occurred_at, line.object, line.value, line.reverses)


def import_lines(tmp_path, *lines):
    path, told = tmp_path / "lines.jsonl", StringIO()
    path.write_text("\n".join(json.dumps(line) for line in lines))
    with pytest.raises(CommandError):
        call_command("import_activities", str(path), source="shop", stdout=told, stderr=told)
    return told.getvalue()


def test_a_feature_must_say_who_speaks_its_verbs():
    with pytest.raises(TypeError):
        register_verbs({"shop.thing_bought": "Bought"})
    assert set(registry._verbs) == set(registry.speakers_of_verbs())


def test_every_verb_of_the_portal_is_the_portals_alone():
    """What is opened to others is a decision: it is written down here with its reason."""
    assert {registry.speakers_of_verbs()[verb] for verb in VERBS} == {PORTAL_ONLY}


@pytest.mark.django_db
def test_no_verb_of_the_portal_comes_in_through_the_api(commits):
    caller, member = Caller(), MemberFactory(handle="ayse")

    response = caller.send(*(activity(verb, "ayse", verb=verb) for verb in VERBS))

    assert response.status_code == 422
    told = [(one["field"], one["detail"]) for one in response.json()["errors"]]
    assert told == [("verb", REFUSED % verb) for verb in VERBS]
    assert not member.activities.exists()


@pytest.mark.django_db
def test_no_verb_of_the_portal_comes_in_by_a_command(commits, tmp_path):
    member = MemberFactory(handle="ayse")

    told = import_lines(tmp_path, *(activity(verb, "ayse", verb=verb) for verb in VERBS))

    for place, verb in enumerate(VERBS, 1):
        assert f"lines.jsonl:{place}: verb: {REFUSED % verb}" in told
    assert f"0 recorded, 0 repeated, {len(VERBS)} refused" in told
    assert not member.activities.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("verb", VERBS)
def test_no_service_records_a_portal_verb_for_a_source(verb, commits):
    """The last doors, which whatever is built above them goes through."""
    member = MemberFactory()

    with pytest.raises(FactError) as refused:
        record(member=member, verb=verb, source="shop", key="1")
    with pytest.raises(FactError):
        record_batch([draft(member, verb)], source="shop", speaker=COMMAND)

    assert (refused.value.field, str(refused.value)) == ("verb", REFUSED % verb)
    assert not Activity.objects.exists()


@pytest.mark.django_db
def test_nobody_brings_in_facts_in_the_portals_name(commits):
    with pytest.raises(ValueError, match="in the portal's name"):
        record_batch([draft(MemberFactory(), "import.done")], source="portal")
    assert [is_source(name) for name in ("portal", "Portal", " portal ", "PORTAL")] == [False] * 4


@pytest.mark.django_db
def test_reasons_are_told_in_turkish(commits):
    MemberFactory(handle="ayse")

    response = Caller().send(
        activity(member="ayse", verb="events.contest_won"), **{"Accept-Language": "tr"}
    )

    assert response.json()["errors"][0]["detail"] == (
        "'events.contest_won' yalnızca portalın kendisi tarafından kaydedilir;"
        " import. ile başlayan bir eylem adı kullanın"
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    "verb, by_shop, by_other, by_command",
    [
        ("shop.thing_bought", True, True, True),
        ("shop.thing_kept", False, False, True),
        ("shop.thing_sent", True, False, True),
        ("shop.thing_seen", False, False, False),
        ("import.anything", True, True, True),
    ],
)
def test_verb_is_said_by_whom_it_is_open_to(spoken, verb, by_shop, by_other, by_command):
    drafts = [draft(MemberFactory(), verb)]

    said = [
        faults_of(drafts, source="shop", speaker=speaker) == []
        for speaker in (SHOP, Speaker("other"), COMMAND)
    ]

    assert said == [by_shop, by_other, by_command]


@pytest.mark.django_db
def test_naming_an_open_source_in_a_call_opens_nothing(spoken, commits):
    """A call may call its source what it likes; the key's application is who speaks."""
    MemberFactory(handle="ayse")
    line = activity(member="ayse", verb="shop.thing_sent")

    other, shop = Caller(name="other").send(line, source="shop"), Caller(name="shop").send(line)

    assert (other.status_code, shop.status_code) == (422, 200)
    detail = other.json()["errors"][0]["detail"]
    assert detail == "'shop.thing_sent' is not open to 'other'"


@pytest.mark.django_db
def test_outside_facts_end_no_waiting(commits, settings):
    """A key frees neither what waits for an address nor what a rule keeps back."""
    settings.HOLD_UNVERIFIED_POINTS = True
    publish_rule(verb="import.done", hold={"hours": 48})
    member = MemberFactory(handle="ayse", verified=False)
    record(member=member, verb="import.done", object="post:1")
    hold = Transfer.objects.get().hold

    for verb, thing in (
        ("accounts.email_verified", f"member:{member.pk}"),
        ("badges.hold_ended", hold.name),
    ):
        assert (
            Caller(name=verb).send(activity(verb, "ayse", verb=verb, object=thing)).status_code
            == 422
        )

    hold.refresh_from_db()
    held = Account.objects.of(member).get(kind=Account.Kind.HELD)
    assert (hold.closed_at, held.balance) == (None, 10)
    assert (balance(member=member, currency="points"), verify()) == (0, [])


@pytest.mark.django_db
@pytest.mark.parametrize("verb", ["import.done", "community.idea_posted"])
def test_what_the_portal_recorded_is_not_reversed_from_outside(verb, commits):
    publish_rule(verb=verb, amount=10)
    member = MemberFactory(handle="ayse")
    fact = record(member=member, verb=verb, object="idea:1", key="known")
    line = activity("r", "ayse", verb=verb, object="idea:1", reverses="known")

    Caller().send(line)
    Intake("shop").problems_of([read_line(line, 0)])

    assert not Activity.objects.filter(reverses=fact).exists()
    assert WaitingReversal.objects.filter(verb="community.idea_posted").count() == 0
    assert balance(member=member, currency="points") == 10
