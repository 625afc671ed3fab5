"""Telling members: stored first, shown on their pages and sent by mail afterwards."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.notifications.deliveries import plan_mail
from portal.notifications.models import Notice, NoticeStream, Preference
from portal.notifications.registry import kind_of, kinds
from portal.notifications.wake import wake

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


@transaction.atomic
def notify(*, recipient, kind: str, activity=None, payload: dict | None = None, is_toast=True):
    """Store one notice for `recipient`, plan its mail, and wake their open pages after the commit.

    A second call for the same activity, recipient and kind changes nothing and returns None.
    """
    known = activity and Notice.objects.filter(activity=activity, recipient=recipient, kind=kind)
    if known and known.exists():
        return None
    notice = _compose(recipient, kind, activity, payload, is_toast)
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:
        return None
    if notice.read_at is None:
        plan_mail(notice)
    number = notice.sequence
    transaction.on_commit(lambda: wake(recipient.pk, number), robust=True)
    return notice


def _compose(recipient, kind: str, activity, payload: dict | None, is_toast: bool) -> Notice:
    now = timezone.now()
    happened_at = activity.occurred_at if activity else now
    is_past = bool(activity) and happened_at < activity.recorded_at - FRESH
    known = kind_of(kind)
    is_hidden = bool(known and known.is_game and not recipient.is_playing)
    return Notice(
        recipient=recipient,
        kind=kind,
        activity=activity,
        payload=payload or {},
        sequence=_next_sequence(recipient.pk),
        is_toast=is_toast and not is_past and not is_hidden,
        created_at=happened_at if is_past else now,
        read_at=happened_at if is_past else None,
    )


def news_of(member) -> News:
    """One query: the member's last number, unread notices, and whether something is unshown."""
    stream = NoticeStream.objects.with_news(member).first()
    if stream is None:
        return News()
    return News(stream.last_sequence, stream.unread, bool(stream.unshown))


def toasts_for(*, member, session: str, news: News) -> list[Notice]:
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


def claim_toasts(*, member, session: str) -> list[Notice]:
    """Take what has not yet popped up, oldest first, and remember that this browser showed it.

    A notice is given out once, whoever asks at the same time.
    """
    with transaction.atomic():
        rows = Notice.objects.unshown(member).select_related("activity")
        rows = list(rows.select_for_update(skip_locked=True, of=("self",))[:TOAST_LIMIT])
        marked = Notice.objects.filter(pk__in=[row.pk for row in rows])
        marked.update(shown_at=timezone.now(), shown_in=browser(session))
    return _wanted(member, rows)


def echoes(*, member, session: str, after: int) -> list[Notice]:
    """What another browser of the member showed just now and this one's page has not seen."""
    rows = Notice.objects.of(member).filter(sequence__gt=after, is_toast=True)
    rows = rows.filter(shown_at__gt=timezone.now() - ECHO).exclude(shown_in=browser(session))
    return _wanted(member, list(rows.select_related("activity").order_by("sequence")[:TOAST_LIMIT]))


def browser(session: str) -> str:
    """A short name for a browser's session that does not give the session away."""
    return hashlib.sha256(f"notices:{session}".encode()).hexdigest()[:16]


def mark_all_read(*, member) -> int:
    """Mark a member's whole inbox as read; return how many were new."""
    return Notice.objects.unread(member).update(read_at=timezone.now())


def mark_read(*, notice: Notice) -> None:
    """Mark one notice as read; the first time counts."""
    Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=timezone.now())


@transaction.atomic
def set_preference(*, member, category: str, channel: str, is_wanted: bool) -> Preference:
    """Keep whether a member wants a category by a channel."""
    row, _made = Preference.objects.update_or_create(
        member=member, category=category, channel=channel, defaults={"is_wanted": is_wanted}
    )
    return row


def _wanted(member, notices: list[Notice]) -> list[Notice]:
    """Leave out the categories whose toasts the member has switched off."""
    if not notices:
        return []
    unwanted = Preference.objects.unwanted(member)
    quiet = {kind.code for kind in kinds() if (kind.category, Preference.Channel.TOAST) in unwanted}
    for notice in notices:
        notice.recipient = member
    return [notice for notice in notices if notice.kind not in quiet]


def _next_sequence(member_id: int) -> int:
    counted = NoticeStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence") + 1)
    if not counted:
        NoticeStream.objects.bulk_create([NoticeStream(pk=member_id)], ignore_conflicts=True)
        NoticeStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence") + 1)
    return NoticeStream.objects.last_sequence_of(member_id)
