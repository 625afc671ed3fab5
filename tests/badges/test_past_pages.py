from datetime import timedelta

import pytest

from badges.models import Application, Transfer
from badges.services.books import balance
from badges.services.past import NothingToApplyError, apply_with_effect
from badges.services.stretches import stretch_of
from badges.services.verification import verify
from badges.views.program import past
from tests.badges.test_forecast_pages import did, worthy
from tests.badges.test_program_pages import staff
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, publish_rule, rule, text

PAST = "/cms/programme/past/"


@pytest.fixture
def manager(client, commits):
    client.force_login(staff("manage_program"))
    return client


@pytest.fixture
def days():
    from django.utils import timezone

    today = timezone.localdate()
    return f"?since={today - timedelta(days=365)}&until={today}"


def publish_late(**more):
    """A programme whose rules come after what members did."""
    rules = [rule(code, f"import.{code}", 40, name=text(code)) for code in ("done", "more")]
    return publish_program(rules=rules, currencies=worthy(), **more)


def test_page_without_a_question_shows_the_form_and_an_empty_list(manager):
    html = manager.get(PAST).content.decode()

    assert "Nothing has been applied to the past yet." in html
    assert "What it would pay now" not in html


def test_past_is_looked_at_confirmed_applied_and_taken_back(manager, days):
    aylin = MemberFactory(name="Aylin")
    did(aylin, "1")
    did(aylin, "2", verb="import.more")
    publish_late(badges=[badge("first", {"count": {"verb": "import.done"}, "at_least": 1})])

    looked = manager.get(PAST + days).content.decode()
    asked = manager.get(f"{PAST}apply/{days}").content.decode()
    assert "80 points (0.80 ₺)" in looked
    assert "Aylin</td><td>80 points, first" in asked
    assert balance(member=aylin, currency="points") == 0

    answer = manager.post(f"{PAST}apply/{days}", {"reason": "Late, but fair", "version": 1})
    assert answer.url == PAST
    assert balance(member=aylin, currency="points") == 80
    application = Application.objects.get()
    listed = manager.get(PAST).content.decode()
    assert application.note == "Late, but fair"
    assert "Late, but fair" in listed
    assert application.applied_by.display_name in listed
    assert "80 points" in manager.get(f"{PAST}{application.pk}/undo/").content.decode()

    manager.post(f"{PAST}{application.pk}/undo/", {"reason": "Too fair"})
    assert balance(member=aylin, currency="points") == 0
    assert "Too fair" in manager.get(PAST).content.decode()
    assert manager.get(f"{PAST}{application.pk}/undo/").status_code == 404
    assert verify() == []


def test_only_the_chosen_rules_pay(manager, member, days):
    did(member, "1")
    did(member, "2", verb="import.more")
    publish_late()

    manager.post(f"{PAST}apply/{days}&rules=more", {"reason": "One of them", "version": 1})

    assert list(Transfer.objects.values_list("rule_code", flat=True)) == ["more"]
    assert Application.objects.get().rules == ["more"]


def test_applying_needs_a_reason(manager, member, days):
    did(member, "1")
    publish_late()

    answer = manager.post(f"{PAST}apply/{days}", {"reason": "", "version": 1})

    assert "This field is required." in answer.content.decode()
    assert not Application.objects.exists()


def test_taking_back_needs_a_reason(manager, member, days):
    did(member, "1")
    publish_late()
    manager.post(f"{PAST}apply/{days}", {"reason": "Fair", "version": 1})
    pk = Application.objects.get().pk

    answer = manager.post(f"{PAST}{pk}/undo/", {"reason": ""})

    assert "This field is required." in answer.content.decode()
    assert balance(member=member, currency="points") == 40


def test_sent_twice_it_is_applied_once(manager, member, days):
    did(member, "1")
    publish_late()
    data = {"reason": "Fair", "version": 1}

    manager.post(f"{PAST}apply/{days}", data)
    again = manager.post(f"{PAST}apply/{days}", data, follow=True)

    assert "There was nothing left to pay or to give." in again.content.decode()
    assert Application.objects.count() == 1


def test_application_without_effect_is_not_kept(member):
    version = publish_late()
    program = past.ProgramVersion.objects.current()[1]

    with pytest.raises(NothingToApplyError):
        apply_with_effect(
            version=version, program=program, stretch=stretch_of(program), note="Empty"
        )

    assert not Application.objects.exists()


def test_version_that_was_published_meanwhile_is_looked_at_first(manager, member, days):
    did(member, "1")
    publish_late()
    publish_rule(code="done", verb="import.done", amount=99)

    answer = manager.post(f"{PAST}apply/{days}", {"reason": "Fair", "version": 1})

    assert "Another version was published meanwhile." in answer.content.decode()
    assert not Application.objects.exists()


def test_nothing_is_applied_without_a_programme_or_without_days(manager):
    assert manager.get(f"{PAST}apply/").url == PAST
    publish_late()
    assert manager.get(f"{PAST}apply/?since=2026-02-02&until=2026-02-01").url == PAST


def test_what_was_judged_before_is_said_to_bring_nothing(manager, member, days):
    publish_late()
    did(member, "1")

    assert "every fact of these days was judged before" in manager.get(PAST + days).content.decode()


def test_more_than_the_page_can_read_is_refused_in_words(manager, member, days, monkeypatch):
    monkeypatch.setattr(past, "MOST", 1)
    did(member, "1")
    did(member, "2")
    publish_late()

    html = manager.get(PAST + days).content.decode()

    assert "More than 1 activities lie before the last day" in html
    assert "Apply in the background …" in html


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_the_same_queries_for_one_application_and_for_three(
    manager, number, days, django_assert_num_queries
):
    for n in range(number):
        did(MemberFactory(), f"{n}", verb=f"import.x{n}")
    publish_program(rules=[rule(f"x{n}", f"import.x{n}", 10) for n in range(number)])
    for n in range(number):
        manager.post(f"{PAST}apply/{days}&rules=x{n}", {"reason": "Fair", "version": 1})
    manager.get(PAST)

    with django_assert_num_queries(LIST_QUERIES):
        html = manager.get(PAST).content.decode()

    assert html.count("Fair") == number


LIST_QUERIES = 13
