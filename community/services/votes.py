from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.activities import VOTE_CAST, VOTE_RECEIVED
from community.models import Idea, Vote
from community.services.ideas import count_votes
from portal.accounts.models import Member
from portal.activity.services import default_key, record_again, undo


@transaction.atomic
def cast_vote(*, idea: Idea, member: Member, at: datetime | None = None) -> bool:
    """Give an idea the member's one vote; True when it is new. The author is credited too."""
    if not member.has_perm("community.vote_idea", idea):
        raise PermissionDenied
    try:
        with transaction.atomic():
            Vote.objects.create(idea=idea, member=member, voted_at=at or timezone.now())
    except IntegrityError:
        return False
    count_votes(idea_id=idea.pk, change=1)
    thing = f"idea:{idea.pk}"
    record_again(member=member, verb=VOTE_CAST, object=thing, at=at)
    if idea.author and _credits_author(idea, member):
        key = _receipt_key(idea, member)
        record_again(
            member=idea.author, verb=VOTE_RECEIVED, object=thing, key=key, at=at, most=None
        )
    return True


@transaction.atomic
def withdraw_vote(*, idea: Idea, member: Member) -> bool:
    """Take the vote back, and what it earned both sides; True when there was one."""
    if not Vote.objects.filter(idea=idea, member=member).delete()[0]:
        return False
    count_votes(idea_id=idea.pk, change=-1)
    undo(default_key(member=member, verb=VOTE_CAST, object=f"idea:{idea.pk}"))
    if _credits_author(idea, member):
        undo(_receipt_key(idea, member))
    return True


def toggle_vote(*, idea: Idea, member: Member) -> bool:
    """Cast the vote or take it back; return whether the member now votes for the idea."""
    return cast_vote(idea=idea, member=member) or not withdraw_vote(idea=idea, member=member)


def _credits_author(idea: Idea, member: Member) -> bool:
    return idea.author_id is not None and idea.author_id != member.pk


def _receipt_key(idea: Idea, voter: Member) -> str:
    """One receipt a voter: the author of a popular idea has many about the same object."""
    return f"{VOTE_RECEIVED}|{idea.author_id}|idea:{idea.pk}|{voter.pk}"
