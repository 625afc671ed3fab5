"""What a view restriction shuts, and what it costs to know."""

from wagtail.models import PageViewRestriction

from events.models import EventIndexPage, Occasion
from events.services.registrations import register_for_event
from tests.factories.events import index_page, make_event_page

RESTRICTED_QUERIES = 22


def test_what_a_member_had_before_stays_theirs_and_is_no_longer_shown(member_client):
    page = make_event_page("Lantern night")
    occasion = Occasion.objects.get(key=page.translation_key)
    registration = register_for_event(occasion=occasion, member=member_client.member)
    assert b"Lantern night" in member_client.get("/dashboard/").content

    PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="groups")

    registration.refresh_from_db()
    assert registration.is_standing
    for address in ("/dashboard/", "/points/", "/notifications/", "/events/calendar.ics"):
        assert b"Lantern night" not in member_client.get(address).content, address


def test_a_page_asks_as_often_however_many_are_restricted(member_client, django_assert_num_queries):
    make_event_page("Open night")
    index = index_page(EventIndexPage)
    counts = []
    for number in (1, 3):
        for one in range(number):
            page = make_event_page(f"Shut {number} {one}")
            PageViewRestriction.objects.create(page=page.page_ptr, restriction_type="groups")
        member_client.get(index.url)
        with django_assert_num_queries(RESTRICTED_QUERIES):
            counts.append(member_client.get(index.url).status_code)

    assert counts == [200, 200]
