"""Sending activities on: numbered in their members' streams and handed to every consumer."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.activity import registry
from portal.activity.models import Activity, ActivityStream
from portal.activity.rows import change_by_key, take_numbers

logger = structlog.get_logger(__name__)
# So many share one transaction when a backlog is sent.
CHUNK = 200
UNSENT = "SELECT id, sequence FROM activity_activity WHERE dispatched_at IS NULL AND id IN"


def dispatch(activity: Activity) -> None:
    """Number an activity in its member's stream and hand it to every consumer, once.

    One transaction holds the member's lock, so a member's activities are judged one at a time in
    the order of their numbers.
    """
    _dispatch([activity])


def dispatch_pending(*, limit: int = 1000) -> int:
    """Send what a crash or a failing consumer left unsent; return how many were tried."""
    rows = Activity.objects.undispatched().select_related("member", "reverses", "origin")
    pending = list(rows[:limit])
    for start in range(0, len(pending), CHUNK):
        _dispatch(pending[start : start + CHUNK])
    return len(pending)


def consume(activities: Sequence[Activity]) -> None:
    """Hand numbered activities to every consumer; the first failure is the caller's."""
    for _name, consumer in registry.consumers():
        consumer(activities)


def _dispatch(activities: Sequence[Activity]) -> None:
    """Send activities together; if that fails, each on its own.

    A consumer that fails then is logged and rolled back alone; its activity stays undispatched
    and `dispatch_pending` sends it again.
    """
    try:
        _send(activities, _consume_all)
    except Exception:
        if settings.ACTIVITY_CONSUMERS_RAISE:
            raise
        logger.exception("activity_dispatch_failed", activities=len(activities))
        for activity in activities:
            _send([activity], _consume_apart)


@transaction.atomic
def _send(activities: Sequence[Activity], consume_them: Callable[[list[Activity]], bool]) -> None:
    counts = Counter(activity.member_id for activity in activities)
    last = take_numbers(ActivityStream, counts)
    numbers = _unsent(activities)
    unsent = [activity for activity in activities if activity.pk in numbers]
    if not unsent:
        transaction.set_rollback(True)
        return
    following = {member_id: number - counts[member_id] for member_id, number in last.items()}
    for activity in unsent:
        activity.sequence = numbers[activity.pk]
        activity.is_resent = activity.sequence is not None
        if not activity.is_resent:
            following[activity.member_id] += 1
            activity.sequence = following[activity.member_id]
    moment = timezone.now() if consume_them(unsent) else None
    _mark(unsent, moment)


def _unsent(activities: Sequence[Activity]) -> dict[int, int | None]:
    """The numbers of those that nobody has sent meanwhile; asked under the members' locks."""
    marks = ", ".join(["%s"] * len(activities))
    unsent = f"{UNSENT} ({marks})"
    with connection.cursor() as cursor:
        cursor.execute(unsent, [activity.pk for activity in activities])
        return dict(cursor.fetchall())


def _mark(activities: list[Activity], moment: datetime | None) -> None:
    """Keep the numbers, and the moment where every consumer is done."""
    names = ["sequence", "dispatched_at"] if moment else ["sequence"]
    rows = [(one.pk, one.sequence, moment)[: len(names) + 1] for one in activities]
    change_by_key(Activity, names, rows)


def _consume_all(activities: list[Activity]) -> bool:
    consume(activities)
    return True


def _consume_apart(activities: list[Activity]) -> bool:
    outcomes = [_try(name, consumer, activities) for name, consumer in registry.consumers()]
    return all(outcomes)


def _try(name: str, consumer: registry.Consumer, activities: list[Activity]) -> bool:
    try:
        with transaction.atomic():
            consumer(activities)
    except Exception:
        ids = [activity.pk for activity in activities]
        logger.exception("activity_consumer_failed", consumer=name, activities=ids)
        return False
    return True
