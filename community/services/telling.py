"""Who is told of what happens in the community. Words are made later, in the reader's language."""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils import timezone

from community.models import Comment, Idea, ModerationAction, StatusChange
from community.services.earnings import posting_of
from community.services.texts import MOST_MENTIONS, mentioned_members
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.jobs.retries import job
from portal.notifications.models import Notice
from portal.notifications.services import notify

COMMENTED = "community.commented"
ANSWERED = "community.answered"
MENTIONED = "community.mentioned"
IDEA_STATUS = "community.idea_status"
HIDDEN = "community.hidden"
RESTORED = "community.restored"

# What is written into the past, by a demo or an import, is nobody's news.
NEWS = timedelta(days=1)


def tell_of_idea(idea: Idea) -> None:
    """Tell those whom an idea names; each once and few in all, however often it is edited."""
    activity, is_toast = posting_of(idea), is_news(idea.posted_at)
    for member in _newly_mentioned(idea, besides=[idea.author]):
        notify(
            recipient=member,
            kind=MENTIONED,
            activity=activity,
            payload={"idea": idea.pk},
            is_toast=is_toast,
            about=_named(idea),
        )


def tell_of_comment(comment: Comment) -> None:
    """Tell whoever is answered, the idea's author and those named: each once, for one reason."""
    answered = comment.parent.author if comment.parent else None
    wanted = [(answered, ANSWERED), (comment.idea.author, COMMENTED)]
    told = {comment.author_id: comment.author}
    activity = posting_of(comment)
    for member, kind in wanted:
        if member and member.pk not in told:
            told[member.pk] = member
            _tell(member, kind, comment, activity)
    for member in _newly_mentioned(comment, besides=told.values()):
        _tell(member, MENTIONED, comment, activity)


def tell_of_answer(change: StatusChange) -> None:
    """Tell an idea's author now, and those who voted for it in the background."""
    author = change.idea.author
    if author and author.pk != change.by_id:
        _tell_status(author, change)
    if is_news(change.changed_at):
        tell_voters.enqueue(change.pk)


@job(priority=-10)
def tell_voters(change_id: int) -> None:
    """Tell everybody who voted for an idea what became of it; a second run tells the rest."""
    change = StatusChange.objects.select_related("idea").filter(pk=change_id).first()
    if change is None:
        return
    told = Notice.objects.told_about(kind=IDEA_STATUS, about=_hour_of(change))
    known = {change.by_id, change.idea.author_id, *told.values_list("recipient_id", flat=True)}
    voters = Member.objects.present().filter(votes__idea=change.idea).order_by("pk")
    for voter in voters.iterator():
        if voter.pk not in known:
            _tell_status(voter, change)


def tell_of_hiding(action: ModerationAction) -> None:
    """Tell the author that a moderator hid something of theirs, and why."""
    _tell_action(action, HIDDEN)


def tell_of_return(action: ModerationAction) -> None:
    """Tell the author that it is shown again."""
    _tell_action(action, RESTORED)


def is_news(moment: datetime) -> bool:
    return timezone.now() - moment < NEWS


def _newly_mentioned(
    thing: Idea | Comment, *, besides: "Collection[Member | None]"
) -> list[Member]:
    """Whom a text names and who was not told so before.

    As many as one text may name, over all its edits: the row of the thing is locked by its edit,
    so two edits at once do not look at the same time.
    """
    named = mentioned_members(thing.body, besides=besides)
    if not named or not thing.edited_at:
        return named
    notices = Notice.objects.told_about(kind=MENTIONED, about=_named(thing))
    told = set(notices.values_list("recipient_id", flat=True)[:MOST_MENTIONS])
    new = [member for member in named if member.pk not in told]
    return new[: MOST_MENTIONS - len(told)]


def _named(thing: Idea | Comment) -> str:
    return f"{'idea' if isinstance(thing, Idea) else 'comment'}:{thing.pk}"


def _hour_of(change: StatusChange) -> str:
    """An idea's news are told once an hour; the notice then shows what is newest."""
    return f"idea:{change.idea_id}:{change.changed_at:%Y-%m-%dT%H}"


def _tell(member: Member, kind: str, comment: Comment, activity: "Activity | None") -> None:
    notify(
        recipient=member,
        kind=kind,
        activity=activity,
        payload={"comment": comment.pk},
        is_toast=is_news(comment.posted_at),
        about=_named(comment),
    )


def _tell_status(member: Member, change: StatusChange) -> None:
    notify(
        recipient=member,
        kind=IDEA_STATUS,
        payload={"change": change.pk},
        is_toast=is_news(change.changed_at),
        about=_hour_of(change),
    )


def _tell_action(action: ModerationAction, kind: str) -> None:
    author = action.thing.author
    if author and author.pk != action.moderator_id:
        notify(recipient=author, kind=kind, payload={"action": action.pk})
