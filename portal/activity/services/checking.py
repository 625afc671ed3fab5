"""Whether facts from outside agree with each other and with what the log knows."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.activity.models import Activity, WaitingReversal
from portal.activity.registry import Speaker
from portal.activity.services.batches import Draft, known_keys
from portal.activity.services.recording import FactError, refuse_unsayable

CHUNK = 1_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with the draft `key`, in which field, and which other one it contradicts.

    `copy` counts from 0 where only one of several drafts with this key is meant.
    """

    key: str
    field: str
    message: str
    other: str = ""
    copy: int | None = None


def faults_of(
    drafts: Sequence[Draft], *, source: str, speaker: Speaker | None = None
) -> list[Fault]:
    """Everything that keeps drafts of one source from being recorded; no draft, no fault.

    `speaker` is who brings them; without it, nobody but the source's own name.
    """
    by_key: dict[str, Draft] = {}
    faults = []
    copies: Counter[str] = Counter()
    for draft in drafts:
        known = by_key.setdefault(draft.key, draft)
        if known.content_hash != draft.content_hash:
            message = _("%(id)r comes twice with different content") % {"id": draft.key}
            faults.append(Fault(draft.key, "id", message, draft.key, copies[draft.key]))
        copies[draft.key] += 1
    faults += _unsayable(by_key, speaker or Speaker(source))
    faults += _repeated_with_other_content(by_key, source)
    faults += _reversed_twice(by_key)
    faults += _in_circles(by_key)
    faults += [fault for part in _parts(by_key) for fault in _at_odds(part, by_key, source)]
    return faults


def _unsayable(by_key: dict[str, Draft], speaker: Speaker) -> Iterator[Fault]:
    """Verbs that this speaker may not say; each is asked about once."""
    messages: dict[str, str] = {}
    for verb in {draft.verb for draft in by_key.values()}:
        try:
            refuse_unsayable(verb, speaker)
        except FactError as error:
            messages[verb] = str(error)
    for draft in by_key.values():
        if draft.verb in messages:
            yield Fault(draft.key, "verb", messages[draft.verb])


def _parts(by_key: dict[str, Draft]) -> Iterator[list[Draft]]:
    drafts = list(by_key.values())
    for start in range(0, len(drafts), CHUNK):
        yield drafts[start : start + CHUNK]


def _repeated_with_other_content(by_key: dict[str, Draft], source: str) -> Iterator[Fault]:
    for part in _parts(by_key):
        for key, digest in known_keys([draft.key for draft in part], source).items():
            if digest != by_key[key].content_hash:
                message = _("%(id)r was recorded with other content") % {"id": key}
                yield Fault(key, "id", message)


def _reversed_twice(by_key: dict[str, Draft]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for draft in by_key.values():
        if draft.reverses:
            other = first.setdefault(draft.reverses, draft.key)
            if other != draft.key:
                message = _already_reversed(draft, other)
                yield Fault(draft.key, "reverses", message, other)


def _in_circles(by_key: dict[str, Draft]) -> Iterator[Fault]:
    """Reversals that lead back to themselves."""
    sound: set[str] = set()
    for draft in by_key.values():
        path: dict[str, None] = {}
        step: Draft | None = draft
        while step and step.key not in sound and step.key not in path:
            path[step.key] = None
            step = by_key.get(step.reverses)
        if step and step.key in path:
            yield Fault(draft.key, "reverses", _("reverses itself in a circle"))
        sound.update(path)


def _at_odds(drafts: list[Draft], by_key: dict[str, Draft], source: str) -> Iterator[Fault]:
    """Reversals of something else than they say, and second reversals of what is known."""
    keys = [draft.key for draft in drafts]
    originals = _originals({draft.reverses for draft in drafts if draft.reverses}, source)
    waiting = WaitingReversal.objects.filter(source=source, reverses__in=keys, met_at=None)
    waits = {row.reverses: row for row in waiting}
    for draft in drafts:
        known = originals.get(draft.reverses)
        original = by_key.get(draft.reverses) or known
        if original and original.subject != draft.subject:
            message = _("must repeat member, verb and object of %(id)r") % {"id": draft.reverses}
            yield Fault(draft.key, "reverses", message, draft.reverses)
        if known and known.undone_by and known.undone_by != draft.key:
            yield Fault(draft.key, "reverses", _already_reversed(draft, known.undone_by))
        if (early := waits.get(draft.key)) is not None and _subject(early) != draft.subject:
            message = _("is not what its reversal %(id)r says of it") % {"id": early.key}
            yield Fault(draft.key, "member", message)


def _already_reversed(draft: Draft, by: str) -> str:
    words = {"id": draft.reverses, "other": by}
    return _("%(id)r is reversed by %(other)r already") % words


def _originals(keys: set[str], source: str) -> dict[str, "_Original"]:
    """What is known of these: from the log, or from reversals that wait for them."""
    rows = Activity.objects.filter(source=source, key__in=keys)
    undone = dict(Activity.objects.filter(reverses__in=rows).values_list("reverses__key", "key"))
    found = {row.key: _Original(_subject(row), undone.get(row.key)) for row in rows}
    for early in WaitingReversal.objects.filter(source=source, reverses__in=keys, met_at=None):
        found.setdefault(early.reverses, _Original(_subject(early), early.key))
    return found


@dataclass(frozen=True)
class _Original:
    """Member, verb and object of what is reversed, and the key of what undid it."""

    subject: tuple[int, str, str]
    undone_by: str | None


def _subject(row: Any) -> tuple[int, str, str]:
    return row.member_id, row.verb, row.object
