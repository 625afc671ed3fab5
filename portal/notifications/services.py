"""Telling members: stored first, shown on their pages and sent by mail afterwards."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from portal.activity.bundles import Bundle
from portal.activity.models import Activity
from portal.activity.rows import ask_numbers, insert_missing, new
from portal.notifications.deliveries import plan_mail
from portal.notifications.models import Notice, NoticeStream, Preference
from portal.notifications.registry import kind_of, kinds
from portal.notifications.wake import wake
from portal.resilience.reading import best_effort

if TYPE_CHECKING:
    from portal.accounts.models import Member

# What was recorded this long after it happened was brought in from elsewhere: it is listed as of
# then, but neither pops up nor is mailed.
FRESH = timedelta(days=1)
# Another browser of the same member still shows what a first one showed this long ago.
ECHO = timedelta(minutes=2)
TOAST_LIMIT = 100
# For so long a browser is known to have looked; a longer absence counts as a first visit.
SEEN_FOR = 24 * 3600


@dataclass(frozen=True)
class News:
    """What a page needs to know about a member's notices; `unread` stops at ten."""

    last_sequence: int = 0
    unread: int = 0
    has_unshown: bool = False


class Message(NamedTuple):
    """What one member is to be told about one activity."""

    recipient: "Member"
    kind: str
    activity: Activity | None
    payload: dict
    is_toast: bool = True
    about: str = ""


@transaction.atomic(savepoint=False)
def notify(
    *,
    recipient: "Member",
    kind: str,
    activity: "Activity | None" = None,
    payload: dict | None = None,
    is_toast: Any = True,
    about: str = "",
) -> Any:
    """Store one notice for `recipient`, plan its mail, and wake their open pages after the commit.

    A second call for the same activity, or the same thing that it is `about`, recipient and kind
    changes nothing and returns None, and who has left is told nothing.
    """
    told = notify_all([Message(recipient, kind, activity, payload or {}, is_toast, about)])
    return told[0] if told else None


@transaction.atomic(savepoint=False)
def notify_all(messages: Sequence[Message], *, bundle: Bundle | None = None) -> list[Notice]:
    """Store notices, plan their mails and wake pages after the commit.

    A message about an activity whose recipient was told of it before, by this kind, is left out.
    Returns the notices that are new. With a bundle they are stored when it is sent; then all of
    them return.
    """
    messages = [message for message in messages if not message.recipient.closed_at]
    if not messages:
        return []
    sent = bundle or Bundle()
    counts = Counter([message.recipient.id for message in messages])
    last = dict(ask_numbers(NoticeStream, counts, sent).rows)
    following = {pk: last[pk] - count for pk, count in counts.items()}
    notices, now = [], timezone.now()
    for message in messages:
        following[message.recipient.id] += 1
        notices.append(_compose(message, following[message.recipient.id], now))
    insert_missing(notices, unique=["recipient_id", "sequence"], bundle=sent)
    sent.then(partial(_announce, notices, last))
    if bundle is not None:
        return notices
    sent.send()
    return [notice for notice in notices if notice.pk is not None]


def _announce(notices: Sequence[Notice], last: Mapping[int, int]) -> None:
    """Plan mails for notices that are new, and wake pages; `last` are the members' numbers."""
    new = [notice for notice in notices if notice.id is not None]
    for notice in new:
        if notice.read_at is None:
            plan_mail(notice)
    told = {notice.recipient_id: last[notice.recipient_id] for notice in new}
    if told:
        transaction.on_commit(partial(wake, told), robust=True)


def _compose(message: Message, number: int, now: datetime) -> Notice:
    activity = message.activity
    happened_at = activity.occurred_at if activity else now
    is_past = activity is not None and happened_at < activity.recorded_at - FRESH
    known = kind_of(message.kind)
    is_hidden = bool(known and known.is_game and not message.recipient.is_playing)
    return new(
        Notice,
        recipient=message.recipient,
        kind=message.kind,
        activity=activity,
        payload=message.payload,
        about=message.about,
        sequence=number,
        is_toast=message.is_toast and not is_past and not is_hidden,
        created_at=happened_at if is_past else now,
        read_at=happened_at if is_past else None,
    )


def news_of(member: "Member") -> News:
    """One query: the member's last number, unread notices, and whether something is unshown."""
    stream = NoticeStream.objects.with_news(member).first()
    if stream is None:
        return News()
    return News(stream.last_sequence, stream.unread, bool(stream.unshown))


def toasts_for(*, member: "Member", session: str, news: News) -> list[Notice]:
    """What pops up with the page or answer that is being made for this browser, oldest first.

    That is what nobody has shown yet, and what another browser of the member took since this one
    last looked: who acts sees what it brought, whichever of their devices was quicker.
    """
    seen = cache.get(_seen_key(session), news.last_sequence)
    remember_seen(session=session, sequence=news.last_sequence)
    claimed = claim_toasts(member=member, session=session) if news.has_unshown else []
    if news.last_sequence <= seen:
        return claimed
    taken = echoes(member=member, session=session, after=seen)
    return sorted([*claimed, *taken], key=lambda notice: notice.sequence)


def remember_seen(*, session: str, sequence: int) -> None:
    """Keep up to which number this browser has been told."""
    cache.set(_seen_key(session), sequence, SEEN_FOR)


def _seen_key(session: str) -> str:
    return f"notices-seen:{browser(session)}"


def claim_toasts(*, member: "Member", session: str) -> list[Notice]:
    """Take what has not yet popped up, oldest first, and remember that this browser showed it.

    A notice is given out once, whoever asks at the same time; where that cannot be remembered, it
    waits for a page that can.
    """
    claimed: list[Notice] = []
    with best_effort("toasts", as_one=True):
        rows = Notice.objects.unshown(member).select_related("activity")
        found = list(rows.select_for_update(skip_locked=True, of=("self",))[:TOAST_LIMIT])
        marked = Notice.objects.filter(pk__in=[row.pk for row in found])
        marked.update(shown_at=timezone.now(), shown_in=browser(session))
        claimed = found
    return _wanted(member, claimed)


def echoes(*, member: "Member", session: str, after: int) -> list[Notice]:
    """What another browser of the member showed just now and this one's page has not seen."""
    rows = Notice.objects.of(member).filter(sequence__gt=after, is_toast=True)
    rows = rows.filter(shown_at__gt=timezone.now() - ECHO).exclude(shown_in=browser(session))
    return _wanted(member, list(rows.select_related("activity").order_by("sequence")[:TOAST_LIMIT]))


def browser(session: str) -> str:
    """A short name for a browser's session that does not give the session away."""
    return hashlib.sha256(f"notices:{session}".encode()).hexdigest()[:16]


def mark_all_read(*, member: "Member") -> int:
    """Mark a member's whole inbox as read; return how many were new."""
    return Notice.objects.unread(member).update(read_at=timezone.now())


def mark_read(*, notice: Notice) -> None:
    """Mark one notice as read, if that can be written; the first time counts."""
    with best_effort("notice read"):
        Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def set_preference(*, member: "Member", category: str, channel: str, is_wanted: bool) -> Preference:
    """Keep whether a member wants a category by a channel."""
    row, _made = Preference.objects.update_or_create(
        member=member, category=category, channel=channel, defaults={"is_wanted": is_wanted}
    )
    return row


def _wanted(member: "Member", notices: list[Notice]) -> list[Notice]:
    """Leave out the categories whose toasts the member has switched off."""
    if not notices:
        return []
    unwanted = Preference.objects.unwanted(member)
    quiet = {kind.code for kind in kinds() if (kind.category, Preference.Channel.TOAST) in unwanted}
    for notice in notices:
        notice.recipient = member
    return [notice for notice in notices if notice.kind not in quiet]
