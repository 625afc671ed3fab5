"""Activities from outside: checked as a whole, then taken in with what they earn."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils.translation import gettext as _

from portal.accounts.models import Member
from portal.accounts.services.identities import create_members, members_named
from portal.accounts.services.lines import Line
from portal.activity.models.activities import PORTAL
from portal.activity.registry import Speaker
from portal.activity.services import Draft, Fault, Recorded, faults_of, record_batch

SOURCE_LENGTH = 40
BATCH = 500


class Problem(NamedTuple):
    """What is wrong with a line: its place, the field, the reason."""

    place: int
    field: str
    message: str


class Intake:
    """Brings in the activities of one source.

    Arguments: `source` names the system they come from; `speaker` is who brings them, which
    decides on the verbs (without it, nobody but the source's own name); with `may_create` unknown
    members are made, else they are problems.
    """

    def __init__(self, source: str, *, speaker: Speaker | None = None, may_create: bool = False):
        self.source, self.may_create = source, may_create
        self.speaker = speaker or Speaker(source)
        self._members: dict[str, Member] = {}

    def problems_of(self, lines: Sequence[Line]) -> list[Problem]:
        """Everything that speaks against taking these lines in, in the order of their places."""
        self._find(line.member for line in lines)
        problems = []
        drafts: list[Draft] = []
        places: dict[str, list[int]] = {}
        for line in lines:
            if line.member in self._members or self.may_create:
                drafts.append(self._draft(line, Newcomer(line.member)))
                places.setdefault(line.id, []).append(line.place)
            else:
                message = _("unknown member %(name)r") % {"name": line.member}
                problems.append(Problem(line.place, "member", message))
        for fault in faults_of(drafts, source=self.source, speaker=self.speaker):
            problems.extend(_as_problems(fault, places))
        return sorted(problems)

    def take_in(self, lines: Iterable[Line], *, tell: Any = lambda done: None) -> Recorded:
        """Record checked lines in their order, so many in one transaction with what they earn.

        What is killed leaves a beginning, which the next run completes. `tell` hears how many
        lines are done.
        """
        ordered = sorted(lines, key=lambda line: (line.occurred_at, bool(line.reverses), line.id))
        recorded = repeated = 0
        for start in range(0, len(ordered), BATCH):
            done = self._take_in_batch(ordered[start : start + BATCH])
            recorded, repeated = recorded + done.recorded, repeated + done.repeated
            tell(start + BATCH)
        return Recorded(recorded, repeated)

    @transaction.atomic
    def _take_in_batch(self, lines: Sequence[Line]) -> Recorded:
        self._find(line.member for line in lines)
        unknown = {line.member for line in lines if line.member not in self._members}
        if unknown:
            self._members |= create_members(unknown, source=self.source)
        drafts = [self._draft(line) for line in lines]
        return record_batch(drafts, source=self.source, speaker=self.speaker)

    def _find(self, names: Iterable[str]) -> None:
        unknown = {name for name in names if name not in self._members}
        if unknown:
            self._members |= members_named(unknown, source=self.source)

    def _draft(self, line: Line, newcomer: Any = None) -> Draft:
        return Draft(
            member=self._members.get(line.member, newcomer),
            verb=line.verb,
            key=line.id,
            occurred_at=line.occurred_at,
            object=line.object,
            value=line.value,
            reverses=line.reverses,
        )


class Newcomer(NamedTuple):
    """Stands for a member who will be made; known by the name there alone."""

    pk: str


def is_source(name: str) -> bool:
    """Whether another system may be called so: short, visible, and nothing like the portal."""
    own = name.strip().casefold()
    return bool(own) and len(name) <= SOURCE_LENGTH and name.isprintable() and own != PORTAL


def _as_problems(fault: Fault, places: dict[str, list[int]]) -> Iterator[Problem]:
    """A fault at the places of its lines, with that of the line which it is at odds with."""
    message = fault.message
    if fault.other in places:
        message += " " + _("(see %(place)s)") % {"place": places[fault.other][0]}
    where = places[fault.key]
    for place in where if fault.copy is None else [where[fault.copy]]:
        yield Problem(place, fault.field, message)
