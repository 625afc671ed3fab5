"""Contests: entered, judged, voted on and decided."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files import File
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events.activities import CONTEST_ENTERED, CONTEST_WON
from events.models import Contest, Entry, EntryVote
from events.services.pictures import clean_picture
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import default_key, record, record_again, undo
from portal.cms.visibility import require_visible
from portal.notifications.services import notify
from portal.ui.markdown import RENDERER_VERSION, render_markdown

JUDGED_NOTICE = "events.entry_judged"
RESULT_NOTICE = "events.contest_result"
# So often in 24 hours an entry that was refused or withdrawn may be approved again.
DECISIONS_A_DAY = 10
MEMBER_FIELDS = ("title", "text", "text_html", "renderer", "language", "age_confirmed_at")


def enter_contest(
    *,
    contest: Contest,
    member: Member,
    title: str,
    picture: File | None = None,
    text: str = "",
    is_old_enough: bool = False,
    language: str = "",
    at: datetime | None = None,
) -> Entry:
    """Send an entry, or change the one that waits or was refused; it waits to be approved.

    `is_old_enough` is the member's own confirmation and is all that is kept of their age; without
    `picture` an entry keeps the one it has.
    Nothing is recorded before somebody has approved it, so spam earns nothing.
    Raises PermissionDenied, and ValidationError for dates, age, words or picture.
    """
    if not member.has_perm("events.enter_contest", contest):
        raise PermissionDenied
    require_visible(contest.key, member)
    now = at or timezone.now()
    title = " ".join(title.split())
    _check_entry(contest, title, is_old_enough, now)
    files = _files(picture)
    words = {
        "title": title,
        "text": text,
        "text_html": render_markdown(text),
        "renderer": RENDERER_VERSION,
        "language": language or member.language,
        "age_confirmed_at": now if contest.minimum_age else None,
    }
    with transaction.atomic():
        return _save_entry(contest, member, words, files, now)


@transaction.atomic
def withdraw_entry(*, entry: Entry, member: Member, at: datetime | None = None) -> None:
    """Take one's own entry back while entries are open; what it earned is reversed."""
    if not member.has_perm("events.withdraw_entry", entry):
        raise PermissionDenied
    if entry.contest.phase(at) != Contest.Phase.ENTRIES:
        raise ValidationError(_("Voting has begun; entries stay as they are."))
    if Entry.objects.filter(pk=entry.pk).delete()[0]:
        undo(_entered_key(entry), at=at)
        for file in (entry.picture, entry.thumb):
            _discard_later(file)


@transaction.atomic
def approve_entry(*, entry: Entry, staff: Member, at: datetime | None = None) -> bool:
    """Show an entry to everybody and record that its author takes part; True when it is news."""
    _check_judge(staff, entry)
    waiting = Entry.objects.filter(pk=entry.pk).exclude(state=Entry.State.APPROVED)
    now = at or timezone.now()
    changed = waiting.update(state=Entry.State.APPROVED, reason="", judged_by=staff, judged_at=now)
    if not changed:
        return False
    member, thing = entry.member, entry.contest.object
    fact = record_again(
        member=member, verb=CONTEST_ENTERED, object=thing, at=at, most=DECISIONS_A_DAY
    )
    _tell(entry, JUDGED_NOTICE, {"state": Entry.State.APPROVED}, at, activity=fact)
    return True


@transaction.atomic
def refuse_entry(*, entry: Entry, staff: Member, reason: str, at: datetime | None = None) -> bool:
    """Refuse an entry with a reason that its author is told; an approval is undone."""
    _check_judge(staff, entry)
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": _("Say why, in words that the author will read.")})
    rows = Entry.objects.filter(pk=entry.pk).exclude(state=Entry.State.REFUSED)
    now = at or timezone.now()
    if not rows.update(state=Entry.State.REFUSED, reason=reason, judged_by=staff, judged_at=now):
        return False
    EntryVote.objects.filter(entry=entry).delete()
    undo(_entered_key(entry), at=at)
    _tell(entry, JUDGED_NOTICE, {"state": Entry.State.REFUSED}, at)
    return True


@transaction.atomic
def vote_for_entry(*, entry: Entry, member: Member, at: datetime | None = None) -> bool:
    """Give the member's one voice to an entry, move it there, or take it back from it.

    Returns whether the entry now has it. A closing contest counts either before or after this.
    """
    if not member.has_perm("events.vote_entry", entry):
        raise PermissionDenied
    now, contest = at or timezone.now(), entry.contest
    require_visible(contest.key, member)
    _lock(contest)
    if not contest.is_open or contest.phase(now) != Contest.Phase.VOTING:
        raise ValidationError(_("Voting is not open."))
    if not Entry.objects.approved().filter(pk=entry.pk).exists():
        raise ValidationError(_("This entry is not in the contest."))
    if entry.member_id == member.pk:
        raise ValidationError(_("You cannot vote for your own entry."))
    votes = EntryVote.objects.filter(contest=contest, member=member)
    if votes.filter(entry=entry).delete()[0]:
        return False
    if not votes.update(entry=entry, voted_at=now):
        _first_vote(contest, entry, member, now)
    return True


@transaction.atomic
def close_contest(
    *, contest: Contest, staff: Member | None = None, at: datetime | None = None
) -> Entry | None:
    """Count the votes, once, after the end; return the winner, or None without any vote.

    Most votes win; at a tie the entry that was sent first. `staff` is who asked for it, or nobody
    when the clock did. Counts are published by this. Raises ValidationError before the end.
    """
    if staff is not None and not staff.has_perm("events.judge_contest"):
        raise PermissionDenied
    now = at or timezone.now()
    _lock(contest)
    if now < contest.ends_at:
        raise ValidationError(_("This contest has not ended yet."))
    if not Contest.objects.filter(pk=contest.pk, closed_at=None).update(closed_at=now):
        return contest.entries.filter(is_winner=True).first()
    ranked = list(Entry.objects.ranked(contest).select_related("member"))
    for entry in ranked:
        entry.vote_count, entry.contest = entry.counted, contest
    winner = ranked[0] if ranked and ranked[0].vote_count else None
    if winner:
        winner.is_winner = True
        record(member=winner.member, verb=CONTEST_WON, object=contest.object, occurred_at=at)
    Entry.objects.bulk_update(ranked, ["vote_count", "is_winner"])
    for entry in ranked:
        _tell(entry, RESULT_NOTICE, {"has_won": entry.is_winner}, at)
    return winner


def _check_entry(contest: Contest, title: str, is_old_enough: bool, now: datetime) -> None:
    phase = contest.phase(now)
    if not contest.is_open or phase == Contest.Phase.BEFORE:
        raise ValidationError(_("Entries are not open yet."))
    if phase != Contest.Phase.ENTRIES:
        raise ValidationError(_("Entries are closed."))
    if contest.minimum_age and not is_old_enough:
        words = _("You must be at least %(age)d years old to enter.")
        raise ValidationError({"is_old_enough": words % {"age": contest.minimum_age}})
    if not title:
        raise ValidationError({"title": _("Give your entry a title.")})


def _files(picture: File | None) -> tuple | None:
    try:
        return clean_picture(picture) if picture else None
    except ValidationError as error:
        raise ValidationError({"picture": error.messages}) from error


def _save_entry(
    contest: Contest, member: Member, words: dict, files: tuple | None, now: datetime
) -> Entry:
    """Insert, or change the member's entry as long as nobody has approved it."""
    entry = Entry.objects.filter(contest=contest, member=member).select_for_update().first()
    if entry is None:
        entry = Entry(contest=contest, member=member)
    elif entry.is_approved:
        raise ValidationError(_("Your entry is already in the contest."))
    if files is None and not entry.picture:
        raise ValidationError({"picture": _("Add a picture.")})
    for name in MEMBER_FIELDS:
        setattr(entry, name, words[name])
    entry.state, entry.reason, entry.entered_at = Entry.State.WAITING, "", now
    if files:
        _discard_later(entry.picture)
        _discard_later(entry.thumb)
        entry.picture, entry.thumb = files
    try:
        with transaction.atomic():
            entry.save()
    except IntegrityError as error:
        raise ValidationError(_("You have already sent an entry.")) from error
    return entry


def _check_judge(staff: Member, entry: Entry) -> None:
    if not staff.has_perm("events.judge_contest"):
        raise PermissionDenied
    if Contest.objects.filter(pk=entry.contest_id).exclude(closed_at=None).exists():
        raise ValidationError(_("This contest is decided."))


def _lock(contest: Contest) -> None:
    """Take the contest's row lock and read what stands now."""
    Contest.objects.filter(pk=contest.pk).update(is_open=F("is_open"))
    contest.refresh_from_db()


def _first_vote(contest: Contest, entry: Entry, member: Member, now: datetime) -> None:
    try:
        with transaction.atomic():
            EntryVote.objects.create(contest=contest, entry=entry, member=member, voted_at=now)
    except IntegrityError:
        # The member's other tab was faster; the last word counts.
        EntryVote.objects.filter(contest=contest, member=member).update(entry=entry, voted_at=now)


def _tell(
    entry: Entry, kind: str, extra: dict, at: datetime | None, activity: "Activity | None" = None
) -> None:
    """Notify the author, unless the entry belongs to a past that is being told."""
    if at is None:
        payload = {"contest": str(entry.contest.key), "entry": entry.pk, **extra}
        notify(recipient=entry.member, kind=kind, activity=activity, payload=payload)


def _entered_key(entry: Entry) -> str:
    return default_key(member=entry.member, verb=CONTEST_ENTERED, object=entry.contest.object)


def _discard_later(file: Any) -> None:
    """Delete a picture that nothing shows any more, once that is certain."""
    if file and file.name:
        storage, name = file.storage, file.name
        transaction.on_commit(lambda: storage.delete(name), robust=True)


def contest_votes(since: datetime, until: datetime) -> Iterable[tuple[int, int, str, datetime]]:
    """Who voted for whose entry in a time: what the search for rings asks."""
    rows = EntryVote.objects.filter(voted_at__gt=since, voted_at__lte=until).order_by("pk")
    names = ("member_id", "entry__member_id", "entry_id", "voted_at")
    for giver, receiver, entry, at in rows.values_list(*names).iterator():
        yield giver, receiver, f"entry:{entry}", at
