import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from events.models import Contest, Entry, Registration
from events.services.contests import approve_entry, enter_contest
from events.services.registrations import register_for_event
from tests.factories.events import make_contest, make_event, picture
from tests.factories.members import MemberFactory
from tests.factories.staff import staff_with

pytestmark = pytest.mark.usefixtures("event_places")

HOUR = timedelta(hours=1)


@pytest.fixture
def manager(client, commits):
    client.force_login(staff_with("events.manage_event", "events.judge_contest"))
    return client


def begun_event(*members):
    start = timezone.now() - HOUR
    occasion = make_event(starts_at=start, capacity=20)
    for member in members:
        register_for_event(occasion=occasion, member=member, at=start - 24 * HOUR)
    return occasion


def text_of(response):
    return response.content.decode()


def test_registrations_are_listed_and_marked_and_unmarked(manager):
    occasion = begun_event(MemberFactory(name="Ada"))
    seat = Registration.objects.get()
    assert "1 / 20" in text_of(manager.get("/cms/take-part/events/"))
    path = f"/cms/take-part/registrations/{seat.pk}/attended/"

    marked = text_of(manager.post(path, {"attended": "yes"}, follow=True))
    assert Registration.objects.get().attended_at is not None
    manager.post(path, {"attended": "no"})

    assert "Ada was not there" in marked
    assert Registration.objects.get().attended_at is None
    assert "Ada was there" in text_of(manager.get(f"/cms/take-part/events/{occasion.key}/"))


def test_marking_too_early_is_explained(manager):
    occasion = make_event()
    seat = register_for_event(occasion=occasion, member=MemberFactory())

    path = f"/cms/take-part/registrations/{seat.pk}/attended/"
    response = manager.post(path, {"attended": "yes"}, follow=True)

    assert "three hours before the start" in text_of(response)


def test_export_opens_in_spreadsheets_and_runs_nothing(manager):
    occasion = begun_event(MemberFactory(name="=1+1", handle="ada"), MemberFactory(name="Işık"))
    base = f"/cms/take-part/events/{occasion.key}/registrations"

    plain = manager.get(f"{base}.csv")
    book = load_workbook(BytesIO(manager.get(f"{base}.xlsx").content))

    assert plain.content.startswith("\ufeff".encode())
    rows = list(csv.reader(StringIO(plain.content.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["Name", "'=1+1", "Işık"]
    assert [cell.value for cell in book.active["A"]] == ["Name", "'=1+1", "Işık"]
    assert "attachment" in plain.headers["Content-Disposition"]


def entry_in(contest, member=None, title="Fog"):
    return enter_contest(
        contest=contest, member=member or MemberFactory(), title=title, picture=picture()
    )


def test_entries_are_approved_and_refused_with_a_reason(manager):
    entry = entry_in(make_contest())
    path = f"/cms/take-part/entries/{entry.pk}/judge/"
    assert "Fog" in text_of(manager.get("/cms/take-part/entries/"))

    without = text_of(manager.post(path, {"decision": "refuse", "reason": ""}, follow=True))
    manager.post(path, {"decision": "approve"})
    assert Entry.objects.get().state == "approved"
    manager.post(path, {"decision": "refuse", "reason": "A stock photo"})

    entry.refresh_from_db()
    assert "Say why" in without
    assert (entry.state, entry.reason) == ("refused", "A stock photo")
    assert "A stock photo" in text_of(manager.get("/cms/take-part/entries/?state=refused"))


def test_contest_is_closed_by_hand_after_its_end(manager):
    contest = make_contest(phase="over")
    assert "Count votes and close" in text_of(manager.get("/cms/take-part/contests/"))

    manager.post(f"/cms/take-part/contests/{contest.key}/close/")

    assert Contest.objects.get().closed_at is not None
    assert "Count votes and close" not in text_of(manager.get("/cms/take-part/contests/"))


def test_running_contest_is_not_closed(manager):
    contest = make_contest()

    path = f"/cms/take-part/contests/{contest.key}/close/"
    response = manager.post(path, follow=True)

    assert "not ended yet" in text_of(response)


def test_dashboard_says_what_waits(manager):
    entry_in(make_contest())

    shown = text_of(manager.get("/cms/"))

    assert "1 contest entry waits" in shown
    assert "Take part" in shown


def test_others_see_nothing_of_it(client, commits):
    contest = make_contest()
    occasion = begun_event(MemberFactory())
    entry, seat = entry_in(contest), Registration.objects.get()
    client.force_login(staff_with())
    reads = ["events/", f"events/{occasion.key}/", "entries/", "contests/"]
    reads += [f"events/{occasion.key}/registrations.{form}" for form in ("csv", "xlsx")]
    writes = [f"registrations/{seat.pk}/attended/", f"entries/{entry.pk}/judge/"]
    writes += [f"contests/{contest.key}/close/"]

    answers = [client.get(f"/cms/take-part/{path}").status_code for path in reads]
    answers += [client.post(f"/cms/take-part/{path}").status_code for path in writes]

    assert set(answers) == {302}
    assert "Take part" not in text_of(client.get("/cms/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_cms_lists_cost_the_same_for_any_number_of_rows(manager, own_queries, rows):
    contest, judge = make_contest(), staff_with("events.judge_contest")
    occasion = begun_event(*[MemberFactory() for _ in range(rows)])
    for number in range(rows):
        entry = entry_in(contest, title=f"Entry {number}")
        approve_entry(entry=entry, staff=judge)

    base = "/cms/take-part/"
    counts = [
        own_queries(f"{base}{path}", client=manager)
        for path in ("events/", f"events/{occasion.key}/", "entries/?state=approved", "contests/")
    ]

    assert counts == [6, 7, 6, 5]
