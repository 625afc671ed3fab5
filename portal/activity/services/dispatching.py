"""Sending activities on: numbered in their members' streams and handed to every consumer."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from portal.activity import registry
from portal.activity.bundles import Answer, Bundle
from portal.activity.models import Activity, ActivityStream
from portal.activity.rows import ask_numbers, change_by_key

logger = structlog.get_logger(__name__)
# So many share one transaction when a backlog is sent.
CHUNK = 200
UNSENT = "SELECT id, sequence FROM activity_activity WHERE dispatched_at IS NULL AND id IN"
# The facts are safe on disk before they are sent, and a dispatch that a crash undoes is done again:
# so nobody waits for the disk a second time (docs/adr/0012-one-wait-for-the-disk.md).
WITHOUT_WAITING = "SET LOCAL synchronous_commit TO OFF"
# A transaction's hooks are searched so far back for one that waits to send.
LOOK_BACK = 16
_is_put_off: ContextVar[bool] = ContextVar("dispatching_is_put_off", default=False)
Consume = Callable[[list[Activity], Bundle, Mapping[str, Any]], bool]


@dataclass
class AfterCommit:
    """Activities of one transaction on their way to consumers: they are judged together."""

    activities: list[Activity]
    is_sent: bool = False

    def __call__(self) -> None:
        self.is_sent = True
        for start in range(0, len(self.activities), CHUNK):
            _dispatch(self.activities[start : start + CHUNK])


def dispatch(activity: Activity) -> None:
    """Number an activity in its member's stream and hand it to every consumer, once.

    One transaction holds the member's lock, so a member's activities are judged one at a time in
    the order of their numbers.
    """
    _dispatch([activity])


def dispatch_after_commit(activity: Activity) -> None:
    """Send an activity on when the transaction at hand is committed, with its others at once."""
    if _is_put_off.get():
        return
    open_savepoints = set(connection.savepoint_ids)
    for savepoints, hook in (known[:2] for known in connection.run_on_commit[-LOOK_BACK:]):
        # Whatever rolls the one back rolls back the other, too.
        if isinstance(hook, AfterCommit) and not hook.is_sent and open_savepoints <= savepoints:
            hook.activities.append(activity)
            return
    robust = not settings.ACTIVITY_CONSUMERS_RAISE
    transaction.on_commit(AfterCommit([activity]), robust=robust)


@contextmanager
def dispatching_put_off() -> Iterator[None]:
    """Leave what is recorded meanwhile to `dispatch_pending`, which judges many at once."""
    token = _is_put_off.set(True)
    try:
        yield
    finally:
        _is_put_off.reset(token)


def dispatch_pending(*, limit: int = 1000) -> int:
    """Send what a crash or a failing consumer left unsent; return how many were tried."""
    rows = Activity.objects.undispatched().select_related("member", "reverses", "origin")
    pending = list(rows[:limit])
    for start in range(0, len(pending), CHUNK):
        _dispatch(pending[start : start + CHUNK])
    return len(pending)


def consume(
    activities: Sequence[Activity], bundle: Bundle, asked: Mapping[str, Any] | None = None
) -> None:
    """Hand numbered activities to every consumer; the first failure is the caller's.

    `asked` is what consumers asked before, by their names. The caller sends the bundle.
    """
    for one in registry.consumers():
        one.consume(activities, bundle, (asked or {}).get(one.name))


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
def _send(activities: Sequence[Activity], consume_them: Consume) -> None:
    bundle = Bundle()
    if connection.vendor == "postgresql":
        bundle.add(WITHOUT_WAITING, [])
    counts = Counter(activity.member_id for activity in activities)
    last = ask_numbers(ActivityStream, counts, bundle)
    numbers = _ask_unsent(activities, bundle)
    asked = {one.name: one.ask(activities, bundle) for one in registry.consumers() if one.ask}
    known = dict(numbers.rows)
    unsent = [activity for activity in activities if activity.pk in known]
    if not unsent:
        transaction.set_rollback(True)
        return
    following = {member_id: number - counts[member_id] for member_id, number in last.rows}
    for activity in unsent:
        activity.sequence = known[activity.pk]
        activity.is_resent = activity.sequence is not None
        if not activity.is_resent:
            following[activity.member_id] += 1
            activity.sequence = following[activity.member_id]
    moment = timezone.now() if consume_them(unsent, bundle, asked) else None
    _mark(unsent, moment, bundle)
    bundle.send()


def _ask_unsent(activities: Sequence[Activity], bundle: Bundle) -> Answer:
    """The numbers of those that nobody has sent meanwhile; asked under the members' locks."""
    marks = ", ".join(["%s"] * len(activities))
    return bundle.ask(f"{UNSENT} ({marks})", [activity.pk for activity in activities])


def _mark(activities: list[Activity], moment: datetime | None, bundle: Bundle) -> None:
    """Keep the numbers, and the moment where every consumer is done."""
    names = ["sequence", "dispatched_at"] if moment else ["sequence"]
    rows = [(one.pk, one.sequence, moment)[: len(names) + 1] for one in activities]
    change_by_key(Activity, names, rows, bundle=bundle)


def _consume_all(activities: list[Activity], bundle: Bundle, asked: Mapping[str, Any]) -> bool:
    consume(activities, bundle, asked)
    return True


def _consume_apart(activities: list[Activity], bundle: Bundle, asked: Mapping[str, Any]) -> bool:
    """Each consumer in a savepoint of its own, with a bundle of its own."""
    outcomes = [_try(one, activities) for one in registry.consumers()]
    return all(outcomes)


def _try(consumer: registry.Consumer, activities: list[Activity]) -> bool:
    try:
        with transaction.atomic():
            own = Bundle()
            consumer.consume(activities, own, None)
            own.send()
    except Exception:
        ids = [activity.pk for activity in activities]
        logger.exception("activity_consumer_failed", consumer=consumer.name, activities=ids)
        return False
    return True
