"""What the notices of events, challenges and contests say, in the reader's language."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import ChallengePage, ContestPage, Entry, EventPage
from events.services.calendars import event_calendar
from events.services.links import page_in_language
from portal.notifications.registry import Attachment, NoticeText


def calendar_of(notice) -> list[Attachment]:
    """The event as a calendar file, for the mail that confirms a registration."""
    page = page_in_language(EventPage, notice.payload["event"])
    if page is None:
        return []
    return [Attachment(f"{page.slug}.ics", event_calendar(page=page), "text/calendar")]


def describe_registered(notice) -> NoticeText:
    page = page_in_language(EventPage, notice.payload["event"])
    if page is None:
        return NoticeText(title=_("You are registered for an event"), icon="calendar-event")
    return NoticeText(
        title=_("You are registered for %(event)s") % {"event": page.title},
        body=_when(page, notice.recipient),
        url=page.get_url() or "",
        icon="calendar-event",
        context=_facts(page),
    )


def describe_reminder(notice) -> NoticeText:
    page = page_in_language(EventPage, notice.payload["event"])
    if page is None:
        return NoticeText(title=_("An event is coming up"), icon="calendar-event")
    return NoticeText(
        title=_("Soon: %(event)s") % {"event": page.title},
        body=_when(page, notice.recipient),
        url=page.get_url() or "",
        icon="calendar-event",
        context=_facts(page),
    )


def describe_challenge_finished(notice) -> NoticeText:
    page = page_in_language(ChallengePage, notice.payload["challenge"])
    if page is None:
        return NoticeText(title=_("You have finished a challenge"), icon="target-arrow")
    return NoticeText(
        title=_("You have finished %(challenge)s") % {"challenge": page.title},
        body=page.prize,
        url=page.get_url() or "",
        icon="target-arrow",
        context={"page": page},
    )


def describe_contest_result(notice) -> NoticeText:
    page = page_in_language(ContestPage, notice.payload["contest"])
    contest = page.title if page else _("the contest")
    if notice.payload["has_won"]:
        title = _("You have won %(contest)s") % {"contest": contest}
        body = page.prize if page else ""
    else:
        title = _("%(contest)s is decided") % {"contest": contest}
        body = _("Thank you for taking part. See who won and how many votes your entry has.")
    url = (page.get_url() or "") if page else ""
    return NoticeText(title=title, body=body, url=url, icon="trophy", context={"page": page})


def describe_entry_judged(notice) -> NoticeText:
    rows = Entry.objects.select_related("contest").filter(pk=notice.payload["entry"])
    entry = rows.first()
    page = page_in_language(ContestPage, notice.payload["contest"])
    contest = page.title if page else _("the contest")
    if notice.payload["state"] == Entry.State.APPROVED:
        title = _("Your entry is in %(contest)s") % {"contest": contest}
        body = _("Everybody can see it now.")
    else:
        title = _("Your entry was not taken into %(contest)s") % {"contest": contest}
        body = entry.reason if entry else ""
    url = entry.get_absolute_url() if entry else ""
    return NoticeText(title=title, body=body, url=url, icon="photo", context={"page": page})


def _when(page: EventPage, reader) -> str:
    """The start by the reader's own clock, and the place."""
    local = page.starts_at.astimezone(reader.zone)
    where = ", ".join(filter(None, [page.place, page.city])) or _("Online")
    return f"{date_format(local, 'DATETIME_FORMAT')} · {where}"


def _facts(page: EventPage) -> dict:
    return {"page": page, "ics_key": page.object_key}
