"""Facts brought in many at a time: ordered, numbered and judged in one transaction."""

import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.activity.bundles import Bundle
from portal.activity.models import Activity, ActivityStream, WaitingReversal
from portal.activity.models.activities import PORTAL
from portal.activity.registry import Speaker
from portal.activity.rows import insert, take_numbers
from portal.activity.services.dispatching import consume
from portal.activity.services.recording import (
    ActivityConflictError,
    as_json,
    hash_of,
    refuse_unsayable,
    write,
)
from portal.activity.values import listed

if TYPE_CHECKING:
    from portal.accounts.models import Member

# One look into the unique index for each key, whatever is believed of the source's size.
KNOWN = (
    "SELECT text, (SELECT content_hash FROM activity_activity"
    " WHERE source = %s AND key = listed.text) FROM {listed}",
    "SELECT text, (SELECT content_hash FROM activity_waitingreversal"
    " WHERE source = %s AND key = listed.text) FROM {listed}",
)


class Draft(NamedTuple):
    """A fact to be recorded, or with `reverses` (the key of another) the undoing of one."""

    member: "Member"
    verb: str
    key: str
    occurred_at: datetime
    object: str = ""
    value: int = 1
    reverses: str = ""

    @property
    def place(self) -> tuple[datetime, bool, str]:
        """Where it stands in the order: by time, facts before what undoes them, then by key."""
        return self.occurred_at, bool(self.reverses), self.key

    @property
    def subject(self) -> tuple[int, str, str]:
        """What a reversal repeats."""
        return self.member.pk, self.verb, self.object

    @property
    def content_hash(self) -> str:
        """The hash of what is said; its JSON is put together here, being the same each time."""
        return hash_of(
            f'{{"member": {self.member.pk!r}, "object": {as_json(self.object)}, "occurred_at":'
            f' {self.occurred_at.timestamp()!r}, "reverses": {as_json(self.reverses)}, "value":'
            f' {self.value}, "verb": {as_json(self.verb)}}}'
        )


@dataclass(frozen=True)
class Recorded:
    """How many facts were new, and how many were known."""

    recorded: int
    repeated: int


@contextmanager
def garbage_left_alone() -> Iterator[None]:
    """Let nobody look for garbage meanwhile.

    A batch makes tens of thousands of objects that all live until its commit; to look through them
    again and again takes a tenth of its time. Whoever found collection switched on switches it on
    again, so of threads that overlap the first does.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@garbage_left_alone()
@transaction.atomic
def record_batch(
    drafts: Sequence[Draft], *, source: str, speaker: Speaker | None = None
) -> Recorded:
    """Record facts of one source in their order and judge them, all or none.

    A fact that is known is counted as a repeat; a reversal that comes before its original waits,
    and the original is then recorded, pays nothing and is undone at once. What `faults_of` finds
    must have been refused before. Raises FactError for a verb that `speaker` (without it, the
    source's own name) may not say, and ValueError for the portal's name: its facts are recorded
    one at a time, by its services.
    """
    _refuse_unsayable(drafts, source, speaker or Speaker(source))
    ordered = sorted(drafts, key=lambda draft: draft.place)
    batch = _Batch(source, _unknown(ordered, source))
    batch.plan()
    batch.insert()
    if batch.rows:
        bundle = Bundle()
        consume(batch.rows, bundle)
        bundle.send()
    return Recorded(len(batch.drafts), len(ordered) - len(batch.drafts))


def _refuse_unsayable(drafts: Sequence[Draft], source: str, speaker: Speaker) -> None:
    if source == PORTAL:
        raise ValueError("nobody brings in facts in the portal's name")
    for verb in {draft.verb for draft in drafts}:
        refuse_unsayable(verb, speaker)


def _unknown(drafts: Sequence[Draft], source: str) -> list[Draft]:
    """Those whose key the log does not hold, each key once."""
    keys = [draft.key for draft in drafts]
    known = set(known_keys(keys, source))
    fresh = {draft.key: draft for draft in drafts if draft.key not in known}
    return list(fresh.values())


def known_keys(keys: Sequence[str], source: str) -> dict[str, str]:
    """The content hashes of what was brought in under these keys, waiting reversals included."""
    bundle = Bundle()
    table, parameters = listed(keys)
    answers = [bundle.ask(text.format(listed=table), [source, *parameters]) for text in KNOWN]
    return {key: digest for answer in answers for key, digest in answer.rows if digest}


class _Batch:
    """New drafts on their way to rows; `rows` are in the order in which they are judged."""

    def __init__(self, source: str, drafts: list[Draft]):
        self.source, self.drafts, self.moment = source, drafts, timezone.now()
        self.rows: list[Activity] = []
        self._waiting: dict[str, WaitingReversal] = self._known_waiting()
        self._found: dict[str, Activity] = self._known_originals()

    def plan(self) -> None:
        """Make a row of every draft, or let it wait for its original."""
        self._new_waiting: list[WaitingReversal] = []
        for draft in self.drafts:
            original = self._found.get(draft.reverses) if draft.reverses else None
            if draft.reverses and original is None:
                self._wait(draft)
            else:
                self._add(self._row(draft, original, draft.value))

    def insert(self) -> None:
        """Number the rows in their members' streams and write them, originals first."""
        counts = Counter(row.member_id for row in self.rows)
        if counts:
            last = take_numbers(ActivityStream, counts)
            following = {pk: last[pk] - count for pk, count in counts.items()}
            for row in self.rows:
                following[row.member_id] += 1
                row.sequence = following[row.member_id]
        for depth in sorted({row.depth for row in self.rows}):
            level = [row for row in self.rows if row.depth == depth]
            for row in level if depth else ():
                if original := row.reverses:
                    row.reverses = original  # its key is known only now
                    row.origin = original.fact
            try:
                insert(level)
            except IntegrityError as error:
                problem = f"{self.source} is being brought in twice at once"
                raise ActivityConflictError(problem) from error
        WaitingReversal.objects.bulk_create(self._new_waiting)
        WaitingReversal.objects.filter(pk__in=self._met).update(met_at=timezone.now())

    def _known_waiting(self) -> dict[str, WaitingReversal]:
        """Reversals that wait for these drafts, those that wait for them in turn, and so on."""
        self._met: list[int] = []
        waiting = WaitingReversal.objects.filter(source=self.source, met_at=None)
        found: dict[str, WaitingReversal] = {}
        keys = [draft.key for draft in self.drafts] if waiting.exists() else []
        while keys:
            rows = list(waiting.filter(reverses__in=keys).select_related("member"))
            found |= {row.reverses: row for row in rows}
            keys = [row.key for row in rows]
        return found

    def _known_originals(self) -> dict[str, Activity]:
        keys = {draft.reverses for draft in self.drafts if draft.reverses}
        rows = Activity.objects.filter(source=self.source, key__in=keys)
        return {row.key: row for row in rows.select_related("origin", "member")}

    def _row(self, draft: Any, original: Activity | None, value: int = 1) -> Activity:
        return write(
            member=draft.member,
            occurred_at=draft.occurred_at,
            reverses=original,
            verb=draft.verb,
            object=draft.object,
            value=value,
            source=self.source,
            key=draft.key,
            content_hash=draft.content_hash,
            recorded_at=self.moment,
        )

    def _add(self, row: Activity) -> None:
        row.dispatched_at = row.recorded_at
        self.rows.append(row)
        self._found[row.key] = row
        waiting = self._waiting.pop(row.key, None)
        if waiting is None:
            return
        row.is_waived = True
        waiting.met_at = row.recorded_at
        self._met += [waiting.pk] if waiting.pk else []
        self._add(self._row(waiting, row))

    def _wait(self, draft: Draft) -> None:
        waiting = WaitingReversal(
            source=self.source,
            key=draft.key,
            reverses=draft.reverses,
            member=draft.member,
            verb=draft.verb,
            object=draft.object,
            occurred_at=draft.occurred_at,
            content_hash=draft.content_hash,
        )
        self._waiting[draft.reverses] = waiting
        self._new_waiting.append(waiting)
