"""What events, challenges and contests keep about a member: handed out, and emptied at the end."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from events.activities import CONTEST_ENTERED
from events.models import Contest, Entry, EntryVote, Participation, Registration
from events.services.registrations import cancel_registration
from portal.accounts.models import Member
from portal.activity.services import default_key, undo

SEAT = ("occasion__key", "state", "registered_at", "cancelled_at", "attended_at")
CHALLENGE = ("challenge__key", "progress", "joined_at", "finished_at")
ENTRY = (
    "contest__key",
    "title",
    "text",
    "language",
    "picture",
    "age_confirmed_at",
    "state",
    "reason",
    "entered_at",
    "vote_count",
    "is_winner",
)


def export_of(member: Member) -> dict[str, list[dict]]:
    """Seats, challenges, entries and votes, as JSON can hold them."""
    return {
        "registrations": _rows(Registration.objects.filter(member=member), *SEAT),
        "challenges": _rows(Participation.objects.filter(member=member), *CHALLENGE),
        "entries": _rows(Entry.objects.filter(member=member), *ENTRY),
        "votes": _rows(
            EntryVote.objects.filter(member=member), "contest__key", "entry", "voted_at"
        ),
    }


def erase_private(member: Member) -> None:
    """Give back the seats to come, and remove entries that nobody else has seen."""
    seats = Registration.objects.standing().filter(member=member)
    for seat in seats.filter(occasion__starts_at__gt=timezone.now()).select_related("occasion"):
        cancel_registration(occasion=seat.occasion, member=member)
    entries = Entry.objects.filter(member=member)
    _remove(entries.exclude(state=Entry.State.APPROVED))
    entries.update(age_confirmed_at=None)


def erase_public(member: Member) -> None:
    """Remove entries with their pictures; in a contest that runs the member no longer takes part.

    What a decided contest brought its winner stays in the books.
    """
    _remove(Entry.objects.approved().filter(member=member))


def _remove(entries: QuerySet[Entry]) -> None:
    for entry in entries.select_related("contest", "member"):
        contest, files = entry.contest, [entry.picture, entry.thumb]
        if contest.phase() != Contest.Phase.CLOSED:
            undo(default_key(member=entry.member, verb=CONTEST_ENTERED, object=contest.object))
        entry.delete()
        for file in filter(None, files):
            _discard_later(file.storage, file.name)


def _discard_later(storage: Any, name: str | None) -> None:
    transaction.on_commit(lambda: storage.delete(name), robust=True)


def _rows(rows: Any, *fields: str) -> list[dict]:
    return [
        {name.removesuffix("__key"): value for name, value in row.items()}
        for row in rows.order_by("pk").values(*fields)
    ]
