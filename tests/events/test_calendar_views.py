from datetime import timedelta

import icalendar
import pytest
from django.utils import timezone

from events.models import Occasion, Registration
from events.services.registrations import register_for_event
from tests.factories.events import EventIndexPage, index_page, make_event_page
from tests.factories.members import MemberFactory

pytestmark = pytest.mark.usefixtures("event_places")

HTMX = {"HX-Request": "true"}
LINK = "https://meet.example.com/room"


def text_of(response):
    return response.content.decode()


def occasion_of(page):
    return Occasion.objects.get(key=page.translation_key)


def test_event_page_invites_visitors_and_keeps_the_link_from_them(client, commits):
    page = make_event_page(online_url=LINK, capacity=20)

    shown = text_of(client.get(page.url))

    assert f"?next={page.url}" in shown
    assert LINK not in shown
    assert "20 of 20 left" in shown


def test_registering_shows_the_link_and_the_way_back(member_client):
    page = make_event_page(online_url=LINK)
    assert LINK not in text_of(member_client.get(page.url))

    response = member_client.post(f"/events/{page.object_key}/register/", follow=True)

    shown = text_of(response)
    assert response.redirect_chain == [(page.url, 302)]
    assert LINK in shown
    assert "Cancel registration" in shown
    assert "You are going" in shown


def test_registering_with_htmx_answers_with_the_card_alone(member_client):
    page = make_event_page()

    response = member_client.post(f"/events/{page.object_key}/register/", headers=HTMX)

    shown = text_of(response)
    assert shown.strip().startswith('<section id="take-part"')
    assert "Cancel registration" in shown


def test_cancelling_offers_to_undo_it(member_client):
    page = make_event_page()
    register_for_event(occasion=occasion_of(page), member=member_client.member)

    shown = text_of(member_client.post(f"/events/{page.object_key}/cancel/", headers=HTMX))

    assert 'data-undo="10"' in shown
    assert f'action="/events/{page.object_key}/register/"' in shown


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_full_event_says_so_and_keeps_nothing(member_client, headers):
    page = make_event_page(capacity=1)
    register_for_event(occasion=occasion_of(page), member=MemberFactory())

    response = member_client.post(
        f"/events/{page.object_key}/register/", headers=headers, follow=True
    )

    assert "All seats are taken" in text_of(response)
    assert Registration.objects.count() == 1


def test_cancelling_after_the_start_says_why_not(member_client):
    start = timezone.now() - timedelta(minutes=5)
    page = make_event_page(starts_at=start)
    before = start - timedelta(days=1)
    register_for_event(occasion=occasion_of(page), member=member_client.member, at=before)

    response = member_client.post(f"/events/{page.object_key}/cancel/", follow=True)

    assert "has started" in text_of(response)


@pytest.mark.parametrize("action", ["register", "cancel"])
def test_visitors_are_sent_to_the_log_in_and_back_to_the_page(client, commits, action):
    page = make_event_page()
    path = f"/events/{page.object_key}/{action}/"

    plain, partial = client.post(path), client.post(path, headers=HTMX)

    assert plain.url == f"/accounts/login/?next={page.url}"
    assert partial.headers["HX-Redirect"] == plain.url


def test_unknown_and_unpublished_events_are_not_found(member_client):
    page = make_event_page()
    page.unpublish()

    for path in ("register/", "cancel/"):
        assert member_client.post(f"/events/{page.object_key}/{path}").status_code == 404
    assert member_client.get(f"/events/{page.object_key}/event.ics").status_code == 404
    assert member_client.get(f"/events/{page.object_key}/register/").status_code == 405


def test_calendar_file_has_the_zone_a_lasting_uid_and_no_link(member_client):
    page = make_event_page(online_url=LINK, summary="Walk & talk", time_zone="Europe/Istanbul")
    page.capacity = 9
    page.save_revision().publish()

    response = member_client.get(f"/events/{page.object_key}/event.ics")

    calendar = icalendar.Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    (zone,) = calendar.walk("VTIMEZONE")
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert (event["UID"], event["SEQUENCE"]) == (f"{page.object_key}@127.0.0.1", 1)
    assert event.decoded("DTSTART") == occasion_of(page).starts_at.replace(microsecond=0)
    assert zone["TZID"] == "Europe/Istanbul"
    assert LINK not in text_of(response)


def test_feed_carries_each_event_once_in_the_language_of_the_address(client, commits):
    english = make_event_page("Night walk")
    make_event_page(
        "Gece", language="tr", translation_key=english.translation_key, starts_at=english.starts_at
    )
    make_event_page("Only English")

    plain = icalendar.Calendar.from_ical(client.get("/events/calendar.ics").content)
    turkish = icalendar.Calendar.from_ical(client.get("/tr/events/calendar.ics").content)

    assert [str(e["SUMMARY"]) for e in plain.walk("VEVENT")] == ["Night walk", "Only English"]
    assert [str(e["SUMMARY"]) for e in turkish.walk("VEVENT")] == ["Gece", "Only English"]


def test_calendar_groups_by_month_and_filters_by_chip(member_client):
    index = index_page(EventIndexPage)
    soon = make_event_page("Soon", place="", online_url=LINK)
    make_event_page("Later", starts_at=timezone.now() + timedelta(days=70))
    make_event_page("Past", starts_at=timezone.now() - timedelta(days=70))
    register_for_event(occasion=occasion_of(soon), member=member_client.member)

    def titles(show):
        months = member_client.get(index.url, {"show": show}).context["months"]
        return [[page.title for page in pages] for _start, pages in months]

    assert titles("") == [["Soon"], ["Later"]]
    assert titles("nonsense") == [["Soon"], ["Later"]]
    assert titles("online") == [["Soon"]]
    assert titles("place") == [["Later"]]
    assert titles("mine") == [["Soon"]]
    assert titles("past") == [["Past"]]


def test_past_events_are_paged(client, commits):
    index = index_page(EventIndexPage)
    for number in range(13):
        make_event_page(f"Past {number}", starts_at=timezone.now() - timedelta(days=9 + number))

    first = client.get(index.url, {"show": "past"}).context
    second = client.get(index.url, {"show": "past", "from": "12"}).context
    odd = client.get(index.url, {"show": "past", "from": "²"}).context

    assert (first["older"], first["newer"]) == ("?show=past&from=12", "")
    assert (second["older"], second["newer"]) == ("", "?show=past&from=0")
    assert [page.title for page in second["months"][0][1]] == ["Past 12"]
    assert odd["older"] == first["older"]


def test_empty_calendar_says_what_to_do(member_client):
    index = index_page(EventIndexPage)

    assert "Nothing is planned" in text_of(member_client.get(index.url))
    assert "not registered" in text_of(member_client.get(index.url, {"show": "mine"}))
    assert "Nothing is over" in text_of(member_client.get(index.url, {"show": "past"}))


@pytest.mark.parametrize("rows", [1, 3])
def test_calendar_costs_the_same_for_any_number_of_events(member_client, rows, own_queries):
    index = index_page(EventIndexPage)
    for number in range(rows):
        page = make_event_page(f"Event {number}")
        register_for_event(occasion=occasion_of(page), member=member_client.member)

    assert own_queries(index.url) == 5


@pytest.mark.parametrize("rows", [1, 3])
def test_event_costs_the_same_for_any_number_of_members(member_client, rows, own_queries):
    page = make_event_page()
    for _number in range(rows):
        register_for_event(occasion=occasion_of(page), member=MemberFactory())

    assert own_queries(page.url) == 6


def test_members_who_do_not_want_to_be_listed_are_not_shown(member_client):
    page = make_event_page()
    register_for_event(occasion=occasion_of(page), member=MemberFactory(name="Shown"))
    hidden = MemberFactory(name="Hidden", is_listed=False)
    register_for_event(occasion=occasion_of(page), member=hidden)

    shown = text_of(member_client.get(page.url))

    assert ("Shown" in shown, "Hidden" in shown) == (True, False)


def test_story_of_an_event_is_shown(client, commits):
    page = make_event_page(body=[("heading", "What to bring"), ("paragraph", "<p>A lamp.</p>")])

    shown = text_of(client.get(page.url))

    assert ("What to bring" in shown, "A lamp." in shown) == (True, True)
