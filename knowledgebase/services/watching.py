"""What of a video a member has really seen.

A member's wall-clock time is spent once: each credited second of any video moves `spent_until`
forward by a second, from the start of the session on, and never beyond now and a short grace. So
skipping, playing faster, several windows and forged reports earn no more than sitting there.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from knowledgebase.activities import VIDEO_WATCHED
from knowledgebase.models import VideoPage, WatchClock, WatchProgress, WatchSession
from knowledgebase.services.intervals import add_seen, clean_intervals
from portal.activity.services import record
from portal.cms.visibility import require_visible

GRACE = timedelta(seconds=2)
ENOUGH = 90
MILLISECOND = timedelta(milliseconds=1)
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class WatchReport(NamedTuple):
    """How much of the video was seen by now, and whether this report finished it."""

    percent: int
    is_complete: bool
    is_finish: bool


@transaction.atomic
def report_watch(
    *,
    member: Any,
    video: VideoPage,
    session: UUID,
    intervals: Any,
    opened_at: datetime | None = None,
    at: datetime | None = None,
) -> WatchReport:
    """Add the seconds that a player reports as seen; at 90 % the video counts as watched, once.

    Arguments: `intervals` are [from, to] pairs in seconds, as they came; `opened_at` is when the
    server showed the player, if it can prove it, else the session begins with this report.
    Raises PermissionDenied for a video that the member may not see, and ValidationError when the
    report is malformed; nothing is changed then.
    """
    if not member.is_authenticated:
        raise PermissionDenied
    require_visible(video.translation_key, member)
    now = at or timezone.now()
    reported = clean_intervals(intervals, duration=video.duration)
    clock = _lock_clock(member)
    began = _begin(member, video, session, min(opened_at or now, now))
    progress, _is_new = WatchProgress.objects.get_or_create(
        video_key=video.translation_key, member=member
    )
    base = max(clock.spent_until, began)
    known = [(start, stop) for start, stop in progress.intervals]
    seen, grown = add_seen(known, reported, budget=(now + GRACE - base) // MILLISECOND)
    if grown:
        clock.spent_until = base + grown * MILLISECOND
        clock.save(update_fields=["spent_until"])
    return _keep(progress, video, seen, grown, at)


def progress_of(*, member: Any, video: VideoPage) -> WatchProgress | None:
    return WatchProgress.objects.filter(
        video_key=video.translation_key, member_id=member.pk
    ).first()


def _keep(
    progress: WatchProgress, video: VideoPage, seen: list, grown: int, at: datetime | None
) -> WatchReport:
    progress.intervals = [list(pair) for pair in seen]
    progress.seen += grown
    progress.updated_at = at or timezone.now()
    is_enough = progress.percent(video.duration) >= ENOUGH
    is_finish = is_enough and progress.completed_at is None
    if is_finish:
        progress.completed_at = progress.updated_at
        thing = f"video:{video.translation_key}"
        record(member=progress.member, verb=VIDEO_WATCHED, object=thing, occurred_at=at)
    progress.save(update_fields=["intervals", "seen", "updated_at", "completed_at"])
    is_complete = progress.completed_at is not None
    return WatchReport(progress.percent(video.duration), is_complete, is_finish)


def _lock_clock(member: Any) -> WatchClock:
    """Hold the member's clock until the transaction ends, so that reports come one by one."""
    rows = WatchClock.objects.filter(pk=member.pk)
    if not rows.update(spent_until=F("spent_until")):
        fresh = WatchClock(member=member, spent_until=LONG_AGO)
        WatchClock.objects.bulk_create([fresh], ignore_conflicts=True)
        rows.update(spent_until=F("spent_until"))
    return rows.get()


def _begin(member: Any, video: VideoPage, session: UUID, began: datetime) -> datetime:
    """When the session began: with its first report, or when its page was opened."""
    row, _is_new = WatchSession.objects.get_or_create(
        member=member,
        video_key=video.translation_key,
        session=session,
        defaults={"started_at": began},
    )
    return row.started_at
