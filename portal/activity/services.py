"""Recording facts and sending them on: the only two ways into the activity log."""

import hashlib
import json
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.activity import registry
from portal.activity.models import Activity, ActivityStream
from portal.activity.models.activities import PORTAL

logger = structlog.get_logger(__name__)
VALUE_LIMIT = 1_000_000_000
CLOCK_SKEW = timedelta(minutes=5)


class ActivityConflictError(ValueError):
    """The same source and key were recorded before with other content."""


@transaction.atomic
def record(
    *,
    member,
    verb: str,
    object: str = "",
    value: int = 1,
    occurred_at: datetime | None = None,
    source: str = PORTAL,
    key: str | None = None,
    reverses: Activity | None = None,
) -> Activity:
    """Write down one fact in the caller's transaction and send it on after the commit.

    Arguments: `object` is `<noun>:<id>` or empty; `value` an integer of at most 1,000,000,000
    either way; `key` is unique within `source` and defaults to verb, member and object; `reverses`
    is the activity that this one undoes, whose member, verb and object it repeats.
    Returns the row, which is the former one when the same fact was recorded before.
    Raises ValueError for an unknown verb, a value or time out of range, and
    ActivityConflictError when
    the key was used for another fact.
    """
    occurred_at = occurred_at or timezone.now()
    _check(verb, value, occurred_at)
    activity = _written(
        member,
        occurred_at,
        verb=verb,
        object=object,
        value=value,
        source=source,
        key=key or default_key(member=member, verb=verb, object=object),
        reverses_id=reverses.pk if reverses else None,
    )
    if reverses is not None:
        _join_chain(activity, reverses)
    known = _inserted_or_known(activity)
    if known is activity:
        robust = not settings.ACTIVITY_CONSUMERS_RAISE
        transaction.on_commit(lambda: dispatch(activity.pk), robust=robust)
    return known


def _written(member, occurred_at: datetime, **fields) -> Activity:
    """The row as it would be inserted, with the hash of what the sender said."""
    fields["member_id"] = member.pk
    return Activity(
        **fields,
        occurred_at=occurred_at,
        local_date=occurred_at.astimezone(member.zone).date(),
        content_hash=_content_hash(fields),
    )


def _inserted_or_known(activity: Activity) -> Activity:
    known = Activity.objects.filter(source=activity.source, key=activity.key).first()
    if known is None:
        known = _insert(activity)
    if known.content_hash != activity.content_hash:
        key = f"{activity.source}:{activity.key}"
        raise ActivityConflictError(f"{key} was recorded with other content")
    return known


def reverse(activity: Activity, *, at: datetime | None = None) -> Activity:
    """Undo a fact, once: the chain's last row is reversed if the fact stands, else returned."""
    tip = _tip(activity)
    return tip if tip.depth % 2 else _reverse_tip(tip, at)


def restore(activity: Activity, *, at: datetime | None = None) -> Activity:
    """Undo the undoing of a fact, once: the mirror image of `reverse`."""
    tip = _tip(activity)
    return _reverse_tip(tip, at) if tip.depth % 2 else tip


def record_again(
    *, member, verb: str, object: str, key: str | None = None, at: datetime | None = None
) -> Activity:
    """Record a fact that members switch on and off, like a vote: at first a fact, then restored."""
    activity = record(member=member, verb=verb, object=object, key=key, occurred_at=at)
    return restore(activity, at=at)


def default_key(*, member, verb: str, object: str) -> str:
    """The key of a fact that a member can bring about once an object."""
    return f"{verb}|{member.pk}|{object}"


def find(key: str) -> Activity | None:
    """The fact that the portal recorded under `key`, or None."""
    return Activity.objects.filter(source=PORTAL, key=key).first()


def undo(key: str, *, at: datetime | None = None) -> Activity | None:
    """Reverse the fact recorded under `key`, if there is one and it stands."""
    fact = find(key)
    return reverse(fact, at=at) if fact else None


def redo(key: str, *, at: datetime | None = None) -> Activity | None:
    """Restore the fact recorded under `key`, if there is one and it was undone."""
    fact = find(key)
    return restore(fact, at=at) if fact else None


def dispatch(pk: int) -> None:
    """Number an activity in its member's stream and hand it to every consumer, once.

    One transaction holds the member's lock, so a member's activities are judged one at a time in
    the order of their numbers. A consumer that fails is logged and rolled back alone; the activity
    then stays undispatched and `dispatch_pending` sends it again.
    """
    with transaction.atomic():
        member_id = Activity.objects.values_list("member_id", flat=True).get(pk=pk)
        number = _next_sequence(member_id)
        activity = Activity.objects.select_related("member", "reverses", "origin").get(pk=pk)
        if activity.dispatched_at is not None:
            return
        if activity.sequence is None:
            ActivityStream.objects.filter(pk=member_id).update(last_sequence=number)
            activity.sequence = number
        outcomes = [_consume(name, consumer, activity) for name, consumer in registry.consumers()]
        activity.dispatched_at = timezone.now() if all(outcomes) else None
        Activity.objects.filter(pk=pk).update(
            sequence=activity.sequence, dispatched_at=activity.dispatched_at
        )


def dispatch_pending(*, limit: int = 1000) -> int:
    """Send what a crash or a failing consumer left unsent; return how many were tried."""
    pending = list(Activity.objects.undispatched().values_list("pk", flat=True)[:limit])
    for pk in pending:
        dispatch(pk)
    return len(pending)


def _check(verb: str, value: int, occurred_at: datetime) -> None:
    if not registry.is_known_verb(verb):
        raise ValueError(f"unknown verb {verb!r}")
    if not -VALUE_LIMIT <= value <= VALUE_LIMIT:
        raise ValueError(f"value {value} is out of range")
    if occurred_at > timezone.now() + CLOCK_SKEW:
        raise ValueError("occurred_at lies in the future")


def _content_hash(fields: dict) -> str:
    text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _join_chain(activity: Activity, reverses: Activity) -> None:
    same = ("member_id", "verb", "object")
    if any(getattr(activity, name) != getattr(reverses, name) for name in same):
        raise ValueError("a reversal repeats member, verb and object of what it reverses")
    activity.origin_id = reverses.origin_id or reverses.pk
    activity.depth = reverses.depth + 1
    activity.local_date = reverses.local_date


def _insert(activity: Activity) -> Activity:
    """Insert, or return the row with which another connection was faster."""
    try:
        with transaction.atomic():
            activity.save(force_insert=True)
        return activity
    except IntegrityError:
        return Activity.objects.get(source=activity.source, key=activity.key)


def _tip(activity: Activity) -> Activity:
    origin = activity.origin or activity
    return Activity.objects.of_chain(origin).select_related("member").first()


def _reverse_tip(tip: Activity, at: datetime | None) -> Activity:
    stem = tip.key.rsplit("~", 1)[0] if tip.depth else tip.key
    return record(
        member=tip.member,
        verb=tip.verb,
        object=tip.object,
        value=tip.value,
        occurred_at=at,
        source=tip.source,
        key=f"{stem}~{tip.depth + 1}",
        reverses=tip,
    )


def _next_sequence(member_id: int) -> int:
    """Take the member's lock and return the number that comes next."""
    locked = ActivityStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence"))
    if not locked:
        ActivityStream.objects.bulk_create([ActivityStream(pk=member_id)], ignore_conflicts=True)
        ActivityStream.objects.filter(pk=member_id).update(last_sequence=F("last_sequence"))
    return ActivityStream.objects.values_list("last_sequence", flat=True).get(pk=member_id) + 1


def _consume(name: str, consumer: registry.Consumer, activity: Activity) -> bool:
    if settings.ACTIVITY_CONSUMERS_RAISE:
        consumer(activity)
        return True
    try:
        with transaction.atomic():
            consumer(activity)
    except Exception:
        logger.exception("activity_consumer_failed", consumer=name, activity=activity.pk)
        return False
    return True
