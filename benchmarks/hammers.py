"""What a crowd pushes at once: each hammer yields what came out wrong."""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connections, transaction
from django.db.models import Sum
from django.utils import timezone
from stage import make_members

from badges.models import Account, BudgetUse, Transfer
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import Book, OverdraftError
from badges.services.programs import publish
from community.models import Idea, Vote
from community.services.votes import cast_vote
from events.models import Occasion, Registration
from events.services.registrations import register_for_event
from portal.activity.services import record, reverse

SEATS, ROOM, PRICE = 20, 95, 10
PER_VALUE = {"currency": "points", "amount": PRICE}


class Crowd:
    """Threads that start together, each with a connection that it keeps."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.pool = ThreadPoolExecutor(size)

    def push(self, runs: Iterable[Callable[[], object]]) -> list[Exception]:
        """Run one call a thread, all at the same moment; return what they raised."""
        gate = threading.Barrier(self.size)

        def run(one: Callable[[], object]) -> Exception | None:
            gate.wait(timeout=60)
            try:
                one()
            except Exception as error:
                return error
            return None

        return [error for error in self.pool.map(run, runs) if error]

    def leave(self) -> None:
        gate = threading.Barrier(self.size)

        def close(_number: int) -> None:
            gate.wait(timeout=60)
            connections.close_all()

        list(self.pool.map(close, range(self.size)))
        self.pool.shutdown()


def publish_hammered() -> None:
    """Rules for the hammers: plain awards, one under a limit, one with a budget for each round."""
    verbs = {"drilled": "import.drilled", "voted": "community.vote_cast"}
    verbs["came"] = "events.registration_made"
    rules = [{"code": code, "verb": verb, "award": PER_VALUE} for code, verb in verbs.items()]
    limit = [{"amount": ROOM, "per": "day"}]
    rules.append({"code": "limited", "verb": "import.limited", "award": PER_VALUE, "limit": limit})
    publish(document={**EMPTY_PROGRAM, "rules": rules})


def same_fact(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One award, and nobody hears of an error."""
    member, key, at = members[number % len(members)], f"fact-{number}", timezone.now()
    errors = crowd.push([lambda: _do(member, "import.drilled", key, at)] * crowd.size)
    yield from _unexpected(errors)
    yield from _differs("awards", _transfers(key=key).count(), 1)


def same_reversal(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One reversal of one fact, whoever asks for it."""
    member = members[number % len(members)]
    fact = _do(member, "import.drilled", f"undone-{number}", timezone.now())
    errors = crowd.push([lambda: reverse(fact)] * crowd.size)
    yield from _unexpected(errors)
    yield from _differs("reversals", _transfers(reverses=fact).count(), 1)


def same_limit(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One member's facts of one day stay within the day's limit."""
    member = make_members(1, stem=f"limited-{number}")[0]
    at = timezone.now()
    runs = [
        lambda n=n: _do(member, "import.limited", f"limited-{number}-{n}", at)
        for n in range(crowd.size)
    ]
    yield from _unexpected(crowd.push(runs))
    paid = Transfer.objects.of(member).aggregate(total=Sum("amount"))["total"]
    yield from _differs("points", paid, min(ROOM, PRICE * crowd.size))


def same_budget(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """All members together stay within a budget, a new one each round."""
    code, verb, at = f"budget-{number}", f"import.budget_{number}", timezone.now()
    rule = {"code": code, "verb": verb, "award": PER_VALUE, "budget": ROOM}
    publish(document={**EMPTY_PROGRAM, "rules": [rule]})
    runs = [lambda m=member: _do(m, verb, f"{code}-{m.pk}", at) for member in members]
    yield from _unexpected(crowd.push(runs))
    used = BudgetUse.objects.get(rule_code=code).used
    yield from _differs("points", used, min(ROOM, PRICE * crowd.size))
    publish_hammered()


def same_wallet(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """A wallet is spent to the end and not below."""
    member = make_members(1, stem=f"rich-{number}")[0]
    _move(member, ROOM)
    errors = crowd.push([lambda: _move(member, -PRICE)] * crowd.size)
    yield from _unexpected(errors, OverdraftError)
    left = Account.objects.of(member).get(kind="wallet", currency="points").balance
    yield from _differs("points left", left, max(ROOM % PRICE, ROOM - PRICE * crowd.size))


def same_idea(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Every member counts once."""
    author = make_members(1, stem=f"author-{number}")[0]
    idea = Idea.objects.create(title=f"Idea {number}", author=author)

    def vote_twice(member) -> None:
        cast_vote(idea=idea, member=member)
        cast_vote(idea=idea, member=member)

    yield from _unexpected(crowd.push([lambda m=member: vote_twice(m) for member in members]))
    idea.refresh_from_db()
    cast = Vote.objects.filter(idea=idea).count()
    paid = _transfers(object=f"idea:{idea.pk}").count()
    yield from _differs("score, votes, awards", (idea.score, cast, paid), (crowd.size,) * 3)


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
    yield from _unexpected(errors, ValidationError)
    occasion.refresh_from_db()
    taken = Registration.objects.filter(occasion=occasion, cancelled_at=None).count()
    yield from _differs("seats", (occasion.seats_taken, taken), (min(SEATS, crowd.size),) * 2)


HAMMERS = {
    "the same fact, recorded at once (G3)": same_fact,
    "the same fact, taken back at once (G3)": same_reversal,
    f"{ROOM} points a day for one member": same_limit,
    f"a budget of {ROOM} points": same_budget,
    f"a wallet of {ROOM} points, spent at once": same_wallet,
    "two votes each for one idea": same_idea,
    f"{SEATS} seats at one event": same_event,
}


def _do(member, verb: str, key: str, at):
    return record(member=member, verb=verb, source="drill", key=key, occurred_at=at)


@transaction.atomic
def _move(member, amount: int) -> None:
    """An adjustment, or where it is less than nothing a purchase."""
    verb = "badges.points_adjusted" if amount > 0 else "badges.reward_redeemed"
    kind = Transfer.Kind.ADJUSTMENT if amount > 0 else Transfer.Kind.SPEND
    against = Account.Kind.ADJUSTMENT if amount > 0 else Account.Kind.REDEEMED
    book = Book([member.pk], ["points"])
    cause = record(member=member, verb=verb, source="drill", key=str(uuid4()))
    transfer = Transfer(
        owner_id=member.pk,
        currency="points",
        kind=kind,
        amount=amount,
        activity=cause,
        actor=member,
        counted_at=cause.occurred_at,
    )
    book.post(transfer, [(book.purse(member.pk, "points").wallet, amount)], against=against)
    book.write()


def _transfers(**activity):
    return Transfer.objects.filter(**{f"activity__{name}": it for name, it in activity.items()})


def _unexpected(errors: list[Exception], *expected: type[Exception]) -> Iterable[str]:
    yield from (f"raised {error!r}" for error in errors if not isinstance(error, expected))


def _differs(what: str, found, wanted) -> Iterable[str]:
    if found != wanted:
        yield f"{found} {what} instead of {wanted}"
