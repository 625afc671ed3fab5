"""Whether the promises hold when everybody pushes at once: `make drill`.

    DATABASE_URL=postgres://… .venv/bin/python benchmarks/drill.py [--rounds 20] [--threads 50]

In each round fifty threads record the same activity, vote twice each for the same idea, and
register for the same event with fewer seats; at the end the whole ledger is recounted.
"""

import argparse
import sys
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import connection, connections
from django.utils import timezone
from stage import engine, make_members, publish_rules, report, stage

from badges.models import Transfer
from badges.services.verification import figures, verify
from community.models import Idea, Vote
from community.services.votes import cast_vote
from events.models import Occasion, Registration
from events.services.registrations import register_for_event
from portal.activity.services import record

VERB = "import.drilled"
SEATS = 20


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


def main() -> int:
    options = arguments()
    if connection.vendor != "postgresql":
        print(
            f"The drill needs PostgreSQL, as {engine()} lets one write at a time and nothing can"
            " race there: set DATABASE_URL and run it again."
        )
        return 0
    with stage("drill"):
        return drill(rounds=options.rounds, threads=options.threads)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Race the ledger, votes and seats.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--threads", type=int, default=50)
    return parser.parse_args()


def drill(*, rounds: int, threads: int) -> int:
    publish_rules(drilled=VERB, voted="community.vote_cast", came="events.registration_made")
    members, crowd = make_members(threads), Crowd(threads)
    hammers = {
        "the same activity, recorded at once": same_activity,
        "two votes each for one idea": same_idea,
        f"{SEATS} seats at one event": same_event,
    }
    rows = []
    try:
        for what, hammer in hammers.items():
            start = time.perf_counter()
            wrong = [fault for number in range(rounds) for fault in hammer(crowd, members, number)]
            seconds = time.perf_counter() - start
            row = {"what": what, "rounds": rounds, "threads": threads, "wrong": len(wrong)}
            rows.append(row | {"seconds": seconds})
            for fault in wrong[:5]:
                print(f"{what}: {fault}")
    finally:
        crowd.leave()
    problems = verify()
    for problem in problems[:10]:
        print(f"{problem.invariant}: {problem.message}")
    counted = ", ".join(f"{count:,} {name}" for name, count in figures().items())
    rows.append({"what": f"verify_ledger ({counted})", "wrong": len(problems)})
    report("drill", rows)
    return 1 if any(row["wrong"] for row in rows) else 0


def same_activity(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """One award, and nobody hears of an error."""
    member, key = members[number % len(members)], f"round-{number}"
    again = {"member": member, "verb": VERB, "object": f"post:{number}", "source": "drill"}
    at = timezone.now()
    errors = crowd.push([lambda: record(**again, key=key, occurred_at=at)] * crowd.size)
    yield from (f"raised {error!r}" for error in errors)
    paid = Transfer.objects.filter(activity__source="drill", activity__key=key).count()
    if paid != 1:
        yield f"{paid} awards instead of 1"


def same_idea(crowd: Crowd, members: list, number: int) -> Iterable[str]:
    """Every member counts once."""
    idea = Idea.objects.create(title=f"Idea {number}")

    def vote_twice(member) -> None:
        cast_vote(idea=idea, member=member)
        cast_vote(idea=idea, member=member)

    errors = crowd.push([lambda m=member: vote_twice(m) for member in members])
    yield from (f"raised {error!r}" for error in errors)
    idea.refresh_from_db()
    cast = Vote.objects.filter(idea=idea).count()
    paid = Transfer.objects.filter(activity__object=f"idea:{idea.pk}").count()
    if (idea.score, cast, paid) != (crowd.size,) * 3:
        yield f"score {idea.score}, {cast} votes, {paid} awards instead of {crowd.size} of each"


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
    yield from (f"raised {error!r}" for error in errors if not isinstance(error, ValidationError))
    occasion.refresh_from_db()
    taken = Registration.objects.filter(occasion=occasion, cancelled_at=None).count()
    expected = min(SEATS, crowd.size)
    if (occasion.seats_taken, taken) != (expected, expected):
        yield f"{occasion.seats_taken} seats taken, {taken} registrations instead of {expected}"


if __name__ == "__main__":
    sys.exit(main())
