"""What a crowd pushes at once on the site: rewards, corrections, votes, seats, imports."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import uuid4

from crowd import Crowd, differs, unexpected
from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils import timezone
from hammers import PRICE, move, transfers
from stage import make_members

from badges.models import AdjustmentUse, Redemption, RewardCode, Transfer
from badges.services.adjusting import adjust, approve_adjustment, decline_adjustment
from badges.services.fulfilling import return_redemption
from badges.services.redeeming import cancel_redemption, redeem
from community.models import Idea, Vote
from community.services.votes import cast_vote
from events.models import Contest, Entry, EntryVote, Occasion, Registration
from events.services.challenges import join_challenge
from events.services.contests import vote_for_entry
from events.services.registrations import register_for_event
from knowledgebase.models import SurveyResponse
from knowledgebase.services.surveys import answer_survey
from portal.activity.services import record
from portal.api.services.activities import take_in
from portal.api.services.calls import InFlightError
from tests.factories import knowledge
from tests.factories.events import make_challenge, make_contest
from tests.factories.rewards import bought, make_pool, make_reward
from tests.factories.staff import staff_with

SEATS, CODES, TIMES, CAP = 20, 5, 3, 5_000
RICH = 1_000_000_000
LINES = 4


def last_piece(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One piece is left, and one of all who ask gets it."""
    reward = make_reward(stock=1, price=PRICE)
    errors = crowd.push([lambda m=member: bought(reward, m) for member in members])
    yield from unexpected(errors, ValidationError)
    reward.refresh_from_db()
    sold = Redemption.objects.filter(reward=reward).count()
    yield from differs("taken, sold", (reward.taken, sold), (1, 1))


def last_codes(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Each code of a pool goes to one member."""
    reward = make_pool(*(f"{number:04}-{n}" for n in range(CODES)), price=PRICE)
    errors = crowd.push([lambda m=member: bought(reward, m) for member in members])
    yield from unexpected(errors, ValidationError)
    given = RewardCode.objects.filter(reward=reward).exclude(redemption=None)
    pairs = given.values("redemption__member").distinct().count()
    yield from differs("codes, members", (given.count(), pairs), (CODES, CODES))


def same_reward(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A member gets no more of a reward than each may."""
    member, reward = members[number % len(members)], make_reward(price=1, limit_per_member=TIMES)
    errors = crowd.push([lambda: bought(reward, member)] * crowd.size)
    yield from unexpected(errors, ValidationError)
    yield from differs("redemptions", Redemption.objects.filter(reward=reward).count(), TIMES)


def same_form(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One form, sent often, buys once."""
    member, reward = members[number % len(members)], make_reward(price=PRICE)
    ask = {"reward": reward, "member": member, "price": PRICE, "key": uuid4()}
    yield from unexpected(crowd.push([lambda: redeem(**ask)] * crowd.size))
    yield from differs("redemptions", Redemption.objects.filter(reward=reward).count(), 1)


def cancelled_or_returned(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A redemption ends once, whoever is faster."""
    member, reward = members[number % len(members)], make_reward(price=PRICE, stock=1)
    redemption, staff = bought(reward, member), staff_with("badges.manage_reward")

    def fresh() -> Redemption:
        return Redemption.objects.get(pk=redemption.pk)

    def cancel() -> None:
        cancel_redemption(redemption=fresh(), member=member)

    def give_back() -> None:
        return_redemption(redemption=fresh(), staff=staff, reason="Broken.")

    errors = crowd.push([cancel, give_back] * (crowd.size // 2))
    yield from unexpected(errors, ValidationError)
    refunds = Transfer.objects.filter(reverses__activity=redemption.activity).count()
    reward.refresh_from_db()
    yield from differs("refunds, taken", (refunds, reward.taken), (1, 0))


def same_desk(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """What one of the staff gives in a day stays within the cap."""
    staff = staff_with("badges.adjust_points")
    errors = crowd.push([lambda m=member: _give(m, 400, staff) for member in members])
    yield from unexpected(errors, ValidationError)
    used = AdjustmentUse.objects.get(staff=staff).amount
    paid = Transfer.objects.filter(actor=staff).aggregate(total=Sum("amount"))["total"]
    most = min(CAP // 400, crowd.size) * 400
    yield from differs("points used, paid", (used, paid), (most, most))


def second_person(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Many agree and many decline: one of them decides."""
    member, seconds = members[number % len(members)], [_desk() for _ in range(4)]
    asked = _give(member, 600, _desk())
    model = type(asked)

    def agree(by) -> None:
        approve_adjustment(adjustment=model.objects.get(pk=asked.pk), by=by)

    def decline(by) -> None:
        row = model.objects.get(pk=asked.pk)
        decline_adjustment(adjustment=row, by=by, answer="No.")

    runs = [lambda n=n: (agree, decline)[n % 2](seconds[n % 4]) for n in range(crowd.size)]
    yield from unexpected(crowd.push(runs))
    asked.refresh_from_db()
    moved = Transfer.objects.filter(activity__object=asked.object).count()
    yield from differs("transfers", moved, int(bool(asked.is_approved)))


def same_idea(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Every member counts once."""
    author = make_members(1, stem=f"author-{number}")[0]
    idea = Idea.objects.create(title=f"Idea {number}", author=author)

    def vote_twice(member) -> None:
        cast_vote(idea=idea, member=member)
        cast_vote(idea=idea, member=member)

    yield from unexpected(crowd.push([lambda m=member: vote_twice(m) for member in members]))
    idea.refresh_from_db()
    cast = Vote.objects.filter(idea=idea).count()
    paid = transfers(object=f"idea:{idea.pk}").count()
    yield from differs("score, votes, awards", (idea.score, cast, paid), (crowd.size,) * 3)


def same_event(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """As many registrations as seats; the others are told that it is full."""
    starts_at = timezone.now() + timedelta(days=3)
    occasion = Occasion.objects.create(
        key=uuid4(),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=2),
        time_zone="UTC",
        capacity=SEATS,
    )
    errors = crowd.push(
        [lambda m=member: register_for_event(occasion=occasion, member=m) for member in members]
    )
    yield from unexpected(errors, ValidationError)
    occasion.refresh_from_db()
    taken = Registration.objects.filter(occasion=occasion, cancelled_at=None).count()
    yield from differs("seats", (occasion.seats_taken, taken), (min(SEATS, crowd.size),) * 2)


def same_finish(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A challenge whose goal is reached at once by many facts is finished once."""
    member = make_members(1, stem=f"runner-{number}")[0]
    verb = "import.brought"
    challenge = make_challenge(f"Challenge {number}", goal=1, verbs=[verb])
    record(member=member, verb=verb, source="drill", key=f"run-{number}")
    runs = [lambda: join_challenge(challenge=challenge, member=member)] * crowd.size
    yield from unexpected(crowd.push(runs))
    finished = transfers(verb="events.challenge_finished", member=member).count()
    yield from differs("finishes", finished, 1)


def same_ballot(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Everybody has one voice, wherever it was moved to."""
    contest = make_contest(f"Contest {number}", phase="voting")
    Contest.objects.filter(pk=contest.pk).update(is_open=True)
    contest.refresh_from_db()
    authors = make_members(2, stem=f"entrant-{number}")
    entries = [
        Entry.objects.create(contest=contest, member=author, title="Fog", state="approved")
        for author in authors
    ]

    def vote_and_move(member) -> None:
        for entry in entries:
            vote_for_entry(entry=Entry.objects.get(pk=entry.pk), member=member)

    yield from unexpected(crowd.push([lambda m=member: vote_and_move(m) for member in members]))
    cast = [EntryVote.objects.filter(entry=entry).count() for entry in entries]
    yield from differs("votes", cast, [0, crowd.size])


def same_survey(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A survey that is sent from many tabs is answered once."""
    member, survey = make_members(1, stem=f"asked-{number}")[0], knowledge.survey(f"S {number}")
    ask = {"member": member, "survey": survey, "answers": knowledge.ANSWERS}
    yield from unexpected(crowd.push([lambda: answer_survey(**ask)] * crowd.size))
    kept = SurveyResponse.objects.filter(member=member).count()
    paid = transfers(member=member).count()
    yield from differs("responses, awards", (kept, paid), (1, 1))


def same_import(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """The same activities, brought in by everybody at once, are there once."""
    lines = [_line(f"{number}-{n}", members[n]) for n in range(LINES)]

    def bring_in() -> None:
        take_in(source="drilled", activities=lines)

    yield from unexpected(crowd.push([bring_in] * crowd.size), InFlightError)
    keys = [line["id"] for line in lines]
    paid = transfers(source="drilled", key__in=keys).count()
    yield from differs("awards", paid, LINES)


def make_rich(members: list) -> None:
    for member in members:
        move(member, RICH)


def _desk():
    return staff_with("badges.adjust_points")


def _give(member, amount: int, by):
    return adjust(
        member=member,
        currency="points",
        amount=amount,
        reason="correction",
        notes={member.language: "A slip of ours."},
        by=by,
        key=uuid4(),
    )


def _line(key: str, member) -> dict:
    at = timezone.now().isoformat()
    words = {"verb": "import.brought", "member": member.handle, "object": f"post:{key}"}
    return {"id": key, "occurred_at": at, **words}


SITE_HAMMERS = {
    "the last piece of a reward": last_piece,
    f"the last {CODES} codes of a pool": last_codes,
    f"a reward that each may have {TIMES} times": same_reward,
    "one form that redeems": same_form,
    "a redemption, cancelled and returned at once": cancelled_or_returned,
    f"a desk's cap of {CAP:,} points a day": same_desk,
    "a second person's decision": second_person,
    "two votes each for one idea": same_idea,
    f"{SEATS} seats at one event": same_event,
    "one challenge that is finished": same_finish,
    "one voice each in a contest": same_ballot,
    "one survey in many tabs": same_survey,
    f"one batch of {LINES} activities, brought in at once": same_import,
}
QUICK_HERE = {last_piece, same_reward, same_form, same_finish, same_event, same_survey}
