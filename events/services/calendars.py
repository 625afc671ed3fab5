"""Events as iCalendar (RFC 5545): what is public about them, and nothing about members."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from events.models import EventPage

PRODUCT = "-//Community portal//Events//EN"


def event_calendar(*, page: EventPage) -> bytes:
    """One event, in its own time zone; the same UID in every language and after every change."""
    return _calendar(page.title, [page])


def calendar_feed(*, pages: Iterable[EventPage]) -> bytes:
    """Many events as one calendar to subscribe to; each page carries its `occasion`."""
    return _calendar(_("Events"), pages)


def _calendar(name: str, pages: Iterable[EventPage]) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for page in pages:
        calendar.add_component(_entry(page))
    calendar.add_missing_timezones()
    return calendar.to_ical()


def _entry(page: EventPage) -> Event:
    occasion = page.occasion
    event = Event()
    event.add("uid", f"{occasion.key}@{urlsplit(settings.PUBLIC_URL).hostname}")
    event.add("sequence", occasion.sequence)
    event.add("dtstamp", timezone.now())
    event.add("last-modified", occasion.changed_at)
    event.add("summary", page.title)
    event.add("dtstart", occasion.starts_at.astimezone(occasion.zone))
    event.add("dtend", occasion.ends_at.astimezone(occasion.zone))
    if page.summary:
        event.add("description", page.summary)
    where = ", ".join(filter(None, [page.place, page.city]))
    event.add("location", where or _("Online"))
    event.add("url", f"{settings.PUBLIC_URL.rstrip('/')}{page.get_url() or '/'}")
    return event
