"""Counting seats, votes and steps again: a part of `verify_ledger`."""

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, F, Max, Q, Sum
from django.db.models.functions import Coalesce

from events.activities import CONTEST_WON
from events.models import Challenge, Contest, Entry, Occasion, Participation, Registration
from portal.activity.models import Activity
from portal.activity.models.activities import SIGN
from portal.activity.recounts import Finding, register_recount


def seats_are_taken() -> Iterator[Finding]:
    """An event has as many seats taken as registrations stand."""
    stands = Q(registrations__state=Registration.State.REGISTERED)
    rows = Occasion.objects.annotate(n=Count("registrations", filter=stands))
    for row in rows.exclude(seats_taken=F("n")).iterator():
        yield "I6", f"event {row.key}: {row.seats_taken} seats taken, {row.n} registrations stand"


def results_are_votes() -> Iterator[Finding]:
    """A decided contest's counts are its votes, and who won has the most; before, none is kept."""
    entries = Entry.objects.annotate(n=Count("votes"))
    decided = Q(contest__closed_at__isnull=False, state=Entry.State.APPROVED)
    for entry in entries.filter(decided).exclude(vote_count=F("n")).iterator():
        yield "I6", f"entry {entry.pk}: {entry.vote_count} votes kept, {entry.n} counted"
    early = Q(vote_count__gt=0) | Q(is_winner=True)
    for pk in Entry.objects.exclude(decided).filter(early).values_list("pk", flat=True):
        yield "I6", f"entry {pk} has a result, and its contest is not decided"
    yield from _winners_won()


def _winners_won() -> Iterator[Finding]:
    """The winner has the most votes; a contest without one has none, or its winner left."""
    shown = Entry.objects.filter(contest__closed_at__isnull=False, state=Entry.State.APPROVED)
    most = dict(shown.order_by().values_list("contest").annotate(n=Max("vote_count")))
    won = dict(shown.filter(is_winner=True).values_list("contest", "vote_count"))
    for contest in Contest.objects.filter(pk__in=[pk for pk, n in most.items() if n]):
        has = won.get(contest.pk)
        if has != most[contest.pk] and (has is not None or not _has_left(contest)):
            yield "I6", f"contest {contest.key}: the winner has {has} of {most[contest.pk]} votes"
    for pk in sorted(pk for pk, votes in won.items() if not votes):
        yield "I6", f"contest {pk} was won without a vote"


def _has_left(contest: Contest) -> bool:
    """Whether somebody won whose entry is gone."""
    won = Activity.objects.filter(verb=CONTEST_WON, object=contest.object)
    entered = Entry.objects.filter(contest=contest).values("member")
    return won.exclude(member__in=entered).exists()


def steps_are_counted() -> Iterator[Finding]:
    """A member's steps in a challenge are the facts that stand, and the goal decides."""
    waiting = set(Activity.objects.undispatched().values_list("member_id", flat=True))
    for challenge in Challenge.objects.iterator():
        counted = _steps(challenge)
        rows = Participation.objects.filter(challenge=challenge).exclude(member__in=waiting)
        for row in rows.iterator():
            steps = max(0, counted[row.member_id])
            if row.progress != steps:
                words = f"{row.progress} steps kept, {steps} counted"
                yield "I4", f"{row.member_id} in challenge {challenge.key}: {words}"
            elif row.is_finished != (steps >= challenge.goal):
                words = f"{steps} steps of {challenge.goal}"
                yield "I4", f"{row.member_id} in challenge {challenge.key}: {words}"


def _steps(challenge: Challenge) -> Counter[int]:
    """The steps of everybody who takes part, by one grouped statement."""
    happened_at = Coalesce("origin__occurred_at", "occurred_at")
    rows = Activity.objects.annotate(happened_at=happened_at).filter(
        member__participations__challenge=challenge,
        verb__in=challenge.verbs,
        occurred_at__lt=challenge.ends_at,
        happened_at__gte=challenge.starts_at,
    )
    return Counter(dict(rows.order_by().values_list("member").annotate(n=Sum(SIGN))))


def register() -> None:
    register_recount(seats_are_taken, "events.Occasion.seats_taken")
    register_recount(results_are_votes, "events.Entry.vote_count", "events.Entry.is_winner")
    register_recount(
        steps_are_counted, "events.Participation.progress", "events.Participation.finished_at"
    )
