"""What an idea's or a comment's author is credited with: always what its state says, no more.

Every change of state (posted, answered, withdrawn, hidden, brought back) ends here. The facts due
are recorded or restored, the others reversed, each once; so the order of changes does not matter.
"""

from datetime import datetime

from community.activities import (
    COMMENT_POSTED,
    IDEA_DONE,
    IDEA_PLANNED,
    IDEA_POSTED,
    VOTE_RECEIVED,
)
from community.models import Comment, Idea
from portal.accounts.models import Member
from portal.activity.models import Activity
from portal.activity.services import (
    default_key,
    find,
    record_again,
    restore,
    reverse,
    undo,
)

# An idea under way or done was planned, also where the brand skipped that step.
PLANNED = {Idea.Status.PLANNED, Idea.Status.IN_PROGRESS, Idea.Status.DONE}


def settle_idea(idea: Idea, *, at: datetime | None = None, most: int | None = None) -> None:
    """Credit the author of `idea` with sharing it, and with its being planned and done.

    `most` is how often a day an author may bring it back; what the team does is not bounded by it.
    """
    if idea.author is None:
        return
    due = {
        IDEA_POSTED: idea.is_open,
        IDEA_PLANNED: idea.is_open and idea.status in PLANNED,
        IDEA_DONE: idea.is_open and idea.status == Idea.Status.DONE,
    }
    for verb, is_due in due.items():
        bound = most if verb == IDEA_POSTED else None
        thing = f"idea:{idea.pk}"
        _settle(member=idea.author, verb=verb, thing=thing, is_due=is_due, at=at, most=bound)


def settle_comment(
    comment: Comment, *, at: datetime | None = None, most: int | None = None
) -> None:
    """Credit the author of `comment` with writing it, while it stands; `most` as for ideas."""
    thing = f"comment:{comment.pk}"
    author = comment.author
    is_due = comment.is_open
    _settle(member=author, verb=COMMENT_POSTED, thing=thing, is_due=is_due, at=at, most=most)


def settle_received_votes(idea: Idea) -> None:
    """Take back what votes earned the author of an idea that is gone, and return it with it."""
    if idea.author is None:
        return
    received = Activity.objects.facts().filter(
        member=idea.author, verb=VOTE_RECEIVED, object=f"idea:{idea.pk}"
    )
    voters = set(idea.votes.values_list("member_id", flat=True)) if idea.is_open else set()
    for fact in received.select_related("member"):
        stands = int(fact.key.rpartition("|")[2]) in voters
        restore(fact) if stands else reverse(fact)


def posting_of(thing: Idea | Comment) -> Activity | None:
    """The fact that its author shared it, for notices."""
    verb, noun = (IDEA_POSTED, "idea") if isinstance(thing, Idea) else (COMMENT_POSTED, "comment")
    if thing.author is None:
        return None
    return find(default_key(member=thing.author, verb=verb, object=f"{noun}:{thing.pk}"))


def _settle(
    *,
    member: Member,
    verb: str,
    thing: str,
    is_due: bool,
    at: datetime | None,
    most: int | None,
) -> None:
    if is_due:
        record_again(member=member, verb=verb, object=thing, at=at, most=most)
    else:
        undo(default_key(member=member, verb=verb, object=thing))
