"""What the notices of events, challenges and contests say, in the reader's language."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from events.models import ChallengePage, ContestPage, Entry, EventPage, Occasion
from events.services.calendars import event_calendar
from events.services.links import current_locale_id
from portal.accounts.models import Member
from portal.notifications.models import Notice
from portal.notifications.registry import Attachment, Kind, NoticeText


def prepare_pages(model: Any, name: str) -> Callable[[list], None]:
    """Return what fetches the pages of many notices at once and puts them on `notice.data`.

    A page that its recipient may no longer see leaves the notice without words.
    """

    def prepare(notices: list) -> None:
        wished = current_locale_id()
        for recipient, mine in _by_recipient(notices):
            keys = {notice.payload[name] for notice in mine}
            pages = model.objects.told_to(recipient).filter(translation_key__in=keys)
            rows = sorted(pages.select_related("locale"), key=lambda page: page.locale_id == wished)
            by_key = {page.object_key: page for page in rows}
            for notice in mine:
                notice.data = by_key.get(notice.payload[name])

    return prepare


def _by_recipient(notices: list) -> list[tuple[Member, list]]:
    """Notices of each recipient; those of a page or a mail are one member's."""
    groups: dict[int, list] = {}
    for notice in notices:
        groups.setdefault(notice.recipient_id, []).append(notice)
    return [(group[0].recipient, group) for group in groups.values()]


def describe_registered(notice: "Notice") -> NoticeText | None:
    page = notice.data
    return page and NoticeText(
        title=_("You are registered for %(event)s") % {"event": page.title},
        body=_when(page, notice.recipient),
        url=page.get_url() or "",
        icon="calendar-event",
        action=_("See the event"),
    )


def describe_reminder(notice: "Notice") -> NoticeText | None:
    page = notice.data
    return page and NoticeText(
        title=_("Soon: %(event)s") % {"event": page.title},
        body=_when(page, notice.recipient),
        url=page.get_url() or "",
        icon="calendar-event",
        action=_("See the event"),
    )


def describe_challenge_finished(notice: "Notice") -> NoticeText | None:
    page = notice.data
    return page and NoticeText(
        title=_("You have finished %(challenge)s") % {"challenge": page.title},
        body=page.prize,
        url=page.get_url() or "",
        icon="target-arrow",
        action=_("See the challenge"),
    )


def describe_contest_result(notice: "Notice") -> NoticeText | None:
    page = notice.data
    if page is None:
        return None
    if notice.payload["has_won"]:
        title, body = _("You have won %(contest)s"), page.prize
    else:
        title = _("%(contest)s is decided")
        body = _("Thank you for taking part. See who won and how many votes your entry has.")
    return NoticeText(
        title=title % {"contest": page.title},
        body=body,
        url=page.get_url() or "",
        icon="trophy",
        action=_("See the result"),
        context={
            "has_won": notice.payload["has_won"],
            "prize": page.prize,
            # Asked for by the mail alone: the inbox lists many notices.
            "find_result": partial(result_of, notice.payload["entry"]),
        },
    )


def result_of(entry_id: int) -> dict | None:
    """An entry's place among those of its decided contest; None where it is gone."""
    entry = Entry.objects.filter(pk=entry_id).first()
    if entry is None:
        return None
    rivals = list(Entry.objects.approved().filter(contest=entry.contest_id).in_order())
    place = next((n for n, rival in enumerate(rivals, start=1) if rival.pk == entry.pk), None)
    return {"entry": entry, "place": place, "entries": len(rivals)} if place else None


def describe_entry_judged(notice: "Notice") -> NoticeText | None:
    page = notice.data
    entry = Entry.objects.select_related("contest").filter(pk=notice.payload["entry"]).first()
    if page is None or entry is None:
        return None
    if notice.payload["state"] == Entry.State.APPROVED:
        title, body = _("Your entry is in %(contest)s"), _("Everybody can see it now.")
    else:
        title, body = _("Your entry was not taken into %(contest)s"), entry.reason
    return NoticeText(
        title=title % {"contest": page.title},
        body=body,
        url=entry.get_absolute_url(),
        icon="photo",
        action=_("See your entry"),
    )


def calendar_attachment(notice: "Notice") -> list[Attachment]:
    """The event as a file that the member's calendar opens."""
    page = notice.data
    occasion = Occasion.objects.filter(key=notice.payload["event"]).first()
    if page is None or occasion is None:
        return []
    page.occasion = occasion
    return [Attachment(f"{page.slug}.ics", event_calendar(page=page), "text/calendar")]


prepare_events = prepare_pages(EventPage, "event")
prepare_challenges = prepare_pages(ChallengePage, "challenge")
prepare_contests = prepare_pages(ContestPage, "contest")


def kinds() -> list[Kind]:
    """Every kind of notice of this feature, as `AppConfig.ready()` registers them."""
    told = partial(Kind, category="events")
    about_event = partial(told, prepare=prepare_events, attachments=calendar_attachment)
    about_contest = partial(told, prepare=prepare_contests)
    confirmation = about_event(
        code="events.registered",
        describe=describe_registered,
        email="event_registered",
        is_optional=False,
    )
    reminder = about_event(
        code="events.reminder", describe=describe_reminder, email="event_reminder"
    )
    finish = told(
        code="events.challenge_finished",
        describe=describe_challenge_finished,
        prepare=prepare_challenges,
    )
    result = about_contest(
        code="events.contest_result", describe=describe_contest_result, email="contest_result"
    )
    judgement = about_contest(
        code="events.entry_judged", describe=describe_entry_judged, email="notice"
    )
    return [confirmation, reminder, finish, result, judgement]


def _when(page: EventPage, reader: Member) -> str:
    """The start by the reader's own clock, and the place."""
    local = page.starts_at.astimezone(reader.zone)
    where = ", ".join(filter(None, [page.place, page.city])) or _("Online")
    return f"{date_format(local, 'DATETIME_FORMAT')} · {where}"
