"""Challenges: joined by members, advanced by their activities."""

import json
from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from events.activities import CHALLENGE_FINISHED
from events.models import Challenge, Participation
from portal.accounts.models import Member
from portal.activity.bundles import Answer, Bundle
from portal.activity.models import Activity
from portal.activity.services import default_key, record_again, undo
from portal.activity.standing import made_or_found
from portal.cms.visibility import require_visible
from portal.notifications.services import notify

FINISHED_NOTICE = "events.challenge_finished"


def join_challenge(
    *, challenge: Challenge, member: Member, at: datetime | None = None
) -> Participation:
    """Let the member take part; what they did since the start counts. Joining twice is joining.

    The row is committed before the log is counted, so an activity that happens meanwhile either
    is counted here or finds the row when it is dispatched.
    """
    if not member.has_perm("events.join_challenge", challenge):
        raise PermissionDenied
    require_visible(challenge.key, member)
    if not challenge.is_joinable(at):
        raise ValidationError(_("This challenge is over."))
    rows = Participation.objects.filter(challenge=challenge, member=member)
    participation, is_new = made_or_found(
        lambda: Participation.objects.create(
            challenge=challenge, member=member, joined_at=at or timezone.now()
        ),
        rows,
    )
    if is_new:
        advance(participation=participation, at=at)
    return participation


@transaction.atomic
def leave_challenge(*, challenge: Challenge, member: Member) -> bool:
    """Stop taking part; True when the member did. A finished challenge stays finished."""
    rows = Participation.objects.filter(challenge=challenge, member=member)
    if rows.filter(finished_at=None).delete()[0]:
        return True
    if rows.exists():
        raise ValidationError(_("You have finished this challenge; that stays."))
    return False


def ask_challenges(activities: Sequence[Activity], bundle: Bundle) -> Answer:
    """What the consumer asks ahead: the challenges that run while these facts happened."""
    moments = [activity.fact.occurred_at for activity in activities]
    return Challenge.objects.ask_counting(since=min(moments), until=max(moments), bundle=bundle)


def advance_for(
    activities: Sequence[Activity], bundle: Bundle | None = None, asked: Answer | None = None
) -> None:
    """The consumer of activities: count anew the challenges in which these matter.

    A reversal matters to the challenges in which its fact counted, until they end.
    """
    running = asked or ask_challenges(activities, Bundle())
    if not running.rows:
        return
    facts = [activity.fact for activity in activities]
    verbs = {fact.verb for fact in facts}
    challenges = [pk for pk, counted in running.rows if not verbs.isdisjoint(json.loads(counted))]
    if not challenges:
        return
    rows: dict[int, list[Participation]] = {}
    members = {fact.member_id for fact in facts}
    for participation in Participation.objects.of_members(members, challenges=challenges):
        rows.setdefault(participation.member_id, []).append(participation)
    for activity, fact in zip(activities, facts, strict=True):
        for participation in rows.get(fact.member_id, ()):
            if participation.challenge.counts(verb=fact.verb, at=fact.occurred_at):
                advance(participation=participation, at=activity.occurred_at)


@transaction.atomic
def advance(*, participation: Participation, at: datetime | None = None) -> int:
    """Set the progress to what the log says and finish, or unfinish, the challenge.

    The row is locked before the log is read, so the last of two writers has seen everything.
    """
    rows = Participation.objects.filter(pk=participation.pk)
    if not rows.update(progress=F("progress")):
        return 0
    participation.refresh_from_db()
    challenge = participation.challenge
    progress = steps(challenge=challenge, member=participation.member)
    is_done = progress >= challenge.goal
    if is_done and not participation.is_finished:
        participation.finished_at = at or timezone.now()
        _finish(participation, at)
    elif participation.is_finished and not is_done:
        participation.finished_at = None
        undo(_key(participation), at=at)
    rows.update(progress=progress, finished_at=participation.finished_at)
    participation.progress = progress
    return progress


def steps(*, challenge: Challenge, member: Member) -> int:
    """How many of the member's facts counted when the challenge ended, or count now."""
    rows = Activity.objects.filter(
        member=member, verb__in=challenge.verbs, occurred_at__lt=challenge.ends_at
    ).annotate(happened_at=Coalesce("origin__occurred_at", "occurred_at"))
    return max(0, rows.filter(happened_at__gte=challenge.starts_at).standing_count())


def recount(*, challenge: Challenge) -> int:
    """Count every participant anew, after the goal was changed; return how many there are."""
    rows = Participation.objects.filter(challenge=challenge).order_by("pk")
    for participation in (participants := list(rows)):
        advance(participation=participation)
    return len(participants)


def _finish(participation: Participation, at: datetime | None) -> None:
    fact = record_again(
        member=participation.member,
        verb=CHALLENGE_FINISHED,
        object=participation.challenge.object,
        at=at,
        most=None,
    )
    notify(
        recipient=participation.member,
        kind=FINISHED_NOTICE,
        activity=fact,
        payload={"challenge": str(participation.challenge.key)},
    )


def _key(participation: Participation) -> str:
    return default_key(
        member=participation.member,
        verb=CHALLENGE_FINISHED,
        object=participation.challenge.object,
    )
