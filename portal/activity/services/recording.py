"""Recording facts and what undoes them, one at a time."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.activity import registry
from portal.activity.models import Activity
from portal.activity.models.activities import PORTAL
from portal.activity.rows import insert_missing, new
from portal.activity.services.dispatching import dispatch_after_commit

if TYPE_CHECKING:
    from portal.accounts.models import Member

VALUE_LIMIT = 1_000_000_000
# So often in 24 hours something that was taken back may be taken up again, each object by itself.
CHANGES_A_DAY = 3
CLOCK_SKEW = timedelta(minutes=5)
as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


class ActivityConflictError(ValueError):
    """The same source and key were recorded before with other content."""


class FactError(ValueError):
    """A fact that cannot be; `field` says what is wrong about it."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


def record(
    *,
    member: "Member",
    verb: str,
    object: str = "",
    value: int = 1,
    occurred_at: datetime | None = None,
    source: str = PORTAL,
    key: str | None = None,
    reverses: Activity | None = None,
) -> Activity:
    """Write down one fact in the caller's transaction and send it on after the commit.

    One statement writes it, so it needs no transaction or savepoint of its own.

    Arguments: `object` is `<noun>:<id>` or empty; `value` an integer of at most 1,000,000,000
    either way; `key` is unique within `source` and defaults to verb, member and object; `reverses`
    is the activity that this one undoes, whose member, verb and object it repeats.
    Returns the row, which is the former one when the same fact was recorded before.
    Raises FactError for an unknown verb, one that `source` may not say, a value or a time out of
    range, and ActivityConflictError when the key was used for another fact.
    """
    if source != PORTAL:
        refuse_unsayable(verb, registry.Speaker(source))
    occurred_at = occurred_at or timezone.now()
    check(verb=verb, value=value, occurred_at=occurred_at)
    said = {"verb": verb, "object": object, "value": value, "source": source}
    said["key"] = key or default_key(member=member, verb=verb, object=object)
    content = as_json({**said, "member": member.pk, "reverses": reverses and reverses.pk})
    activity = write(
        member=member,
        occurred_at=occurred_at,
        reverses=reverses,
        content_hash=hash_of(content),
        **said,
    )
    insert_missing([activity], unique=["source", "key"])
    if activity.pk is None:
        return _known(activity)
    dispatch_after_commit(activity)
    return activity


def reverse(activity: Activity, *, at: datetime | None = None) -> Activity:
    """Undo a fact, once: the chain's last row is reversed if the fact stands, else returned."""
    tip = _tip(activity)
    return tip if tip.depth % 2 else _reverse_tip(tip, at)


def restore(activity: Activity, *, at: datetime | None = None) -> Activity:
    """Undo the undoing of a fact, once: the mirror image of `reverse`."""
    tip = _tip(activity)
    return _reverse_tip(tip, at) if tip.depth % 2 else tip


def record_again(
    *,
    member: "Member",
    verb: str,
    object: str,
    key: str | None = None,
    at: datetime | None = None,
    most: int | None = CHANGES_A_DAY,
) -> Activity:
    """Record a fact that members switch on and off, like a vote: at first a fact, then restored.

    Taking back is always possible; taking up again `most` times in 24 hours (None: always, for
    what follows from something that is bounded itself). Then ValidationError says so, before
    anything is written. What has a past (`at`) is not bounded.
    """
    activity = record(member=member, verb=verb, object=object, key=key, occurred_at=at)
    tip = _tip(activity)
    if tip.depth % 2 == 0:
        return tip
    if most is not None and at is None:
        _refuse_wavering(activity, most)
    return _reverse_tip(tip, at)


def _refuse_wavering(activity: Activity, most: int) -> None:
    """The unique keys of a chain let it grow one by one, so its rows are the counter."""
    since = timezone.now() - timedelta(days=1)
    chain = Activity.objects.of_chain(activity.fact).filter(depth__gt=0, recorded_at__gt=since)
    if sum(row.depth % 2 == 0 for row in chain[: 2 * most + 2]) >= most:
        raise ValidationError(too_often_text())


def too_often_text() -> str:
    """What is said to whoever changes their mind again and again."""
    return _("You have changed this back and forth many times today. Please try it tomorrow.")


def default_key(*, member: "Member", verb: str, object: str) -> str:
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


def write(
    *, member: "Member", occurred_at: datetime, reverses: Activity | None = None, **fields: Any
) -> Activity:
    """The row as it would be inserted; a reversal takes its chain's value and day.

    `fields` are verb, object, value, source, key, content_hash, and recorded_at where it is not
    now. Raises ValueError where a reversal is not about what it reverses.
    """
    activity = new(
        Activity,
        **fields,
        member=member,
        occurred_at=occurred_at,
        local_date=occurred_at.astimezone(member.zone).date(),
    )
    if reverses is not None:
        activity.reverses = reverses
        _join_chain(activity, reverses)
    return activity


def check(*, verb: str, value: int, occurred_at: datetime) -> None:
    """Raise FactError for an unknown verb, or a value or a time out of range."""
    if not registry.is_known_verb(verb):
        raise FactError("verb", _("unknown verb %(verb)r") % {"verb": verb})
    if not -VALUE_LIMIT <= value <= VALUE_LIMIT:
        raise FactError("value", _("value %(value)s is out of range") % {"value": value})
    if occurred_at > timezone.now() + CLOCK_SKEW:
        raise FactError("occurred_at", _("occurred_at lies in the future"))


def refuse_unsayable(verb: str, speaker: registry.Speaker) -> None:
    """Raise FactError where somebody from outside may not bring in facts with this verb."""
    if not registry.may_say(verb, speaker):
        words = {"verb": verb, "name": speaker.name}
        if registry.is_open_to_some(verb):
            raise FactError("verb", _("%(verb)r is not open to %(name)r") % words)
        message = _("%(verb)r is recorded by the portal alone; use a verb that begins with import.")
        raise FactError("verb", message % words)


def hash_of(content: str) -> str:
    """A short name for what a sender said, to tell a repeat from a conflict."""
    return hashlib.sha256(content.encode()).hexdigest()


def _known(activity: Activity) -> Activity:
    """The row that was there before; it must say the same."""
    known = Activity.objects.filter(source=activity.source, key=activity.key).first()
    if known is None or known.content_hash != activity.content_hash:
        key = f"{activity.source}:{activity.key}"
        raise ActivityConflictError(f"{key} was recorded with other content")
    return known


def _join_chain(activity: Activity, reverses: Activity) -> None:
    same = ("member_id", "verb", "object")
    if any(getattr(activity, name) != getattr(reverses, name) for name in same):
        raise ValueError("a reversal repeats member, verb and object of what it reverses")
    activity.origin_id = reverses.origin_id or reverses.pk
    activity.depth = reverses.depth + 1
    activity.value = reverses.value
    activity.local_date = reverses.local_date


def _tip(activity: Activity) -> Activity:
    return Activity.objects.of_chain(activity.fact).select_related("member")[0]


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
