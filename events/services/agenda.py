"""What a member's own page and the home page show of events, challenges and contests.

Without a member it is what everybody may see.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from events.models import (
    ChallengePage,
    ContestPage,
    EventPage,
    Participation,
    Registration,
)
from events.models.challenge_pages import with_progress
from events.models.event_pages import with_seats
from events.services.links import current_locale_id
from portal.accounts.models import Member
from portal.accounts.people import Viewer

FEED_PAST = timedelta(days=183)
FEED_LIMIT = 500


def coming_events(
    *, limit: int, member: Viewer | None = None, now: datetime | None = None
) -> list[EventPage]:
    """The next events, each with `occasion` and `is_mine`."""
    pages = EventPage.objects.for_list(member, current_locale_id()).select_related("picture")
    pages = pages.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")
    return _seated(pages[:limit], member)


def events_of(*, member: Member, limit: int = 5, now: datetime | None = None) -> list[EventPage]:
    """The coming events to which the member goes."""
    mine = Registration.objects.standing().filter(member=member)
    pages = EventPage.objects.for_list(member, current_locale_id())
    pages = pages.filter(translation_key__in=mine.values("occasion__key"))
    pages = pages.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")
    return _seated(pages[:limit], member)


def challenges_of(
    *, member: Member, limit: int = 5, now: datetime | None = None
) -> list[ChallengePage]:
    """The running challenges that the member has joined, each with its `participation`."""
    mine = Participation.objects.filter(member=member)
    pages = ChallengePage.objects.for_list(member, current_locale_id())
    pages = pages.filter(translation_key__in=mine.values("challenge__key"))
    pages = pages.filter(ends_at__gt=now or timezone.now()).order_by("ends_at", "pk")
    return with_progress(pages[:limit], member)


def running_challenges(
    *, limit: int, member: Viewer | None = None, now: datetime | None = None
) -> list[ChallengePage]:
    """Challenges to join now, each with `challenge` and the member's `participation` or None."""
    now = now or timezone.now()
    pages = ChallengePage.objects.for_list(member, current_locale_id())
    pages = pages.filter(starts_at__lte=now, ends_at__gt=now).order_by("ends_at", "pk")
    return with_progress(pages[:limit], member or AnonymousUser())


def running_contests(
    *, limit: int, member: Viewer | None = None, now: datetime | None = None
) -> list[ContestPage]:
    """Contests that take entries or votes now."""
    now = now or timezone.now()
    pages = ContestPage.objects.for_list(member, current_locale_id())
    pages = pages.filter(entries_open_at__lte=now, ends_at__gt=now)
    return list(pages.order_by("ends_at", "pk")[:limit])


def calendar_events(viewer: Viewer | None, *, now: datetime | None = None) -> list[EventPage]:
    """What the calendar feed carries for `viewer`: what is to come and the last half year."""
    since = (now or timezone.now()) - FEED_PAST
    pages = EventPage.objects.for_list(viewer, current_locale_id()).filter(ends_at__gt=since)
    return _seated(pages.order_by("starts_at", "pk")[:FEED_LIMIT], None)


def _seated(pages: Iterable[EventPage], member: Viewer | None) -> list[EventPage]:
    return with_seats(pages, member or AnonymousUser())
