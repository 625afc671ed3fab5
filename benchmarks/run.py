"""How fast the portal is on the database in force: `make bench`.

The figures to watch are shares: of what the same rows cost when they are written by hand and
nothing is judged, and of what a query costs by itself.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from awards import award_rows
from boards import board_rows
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stage import make_members, report, stage

from community.models import Idea
from community.services.listing import list_ideas

ACTIVITIES = 300
IDEAS = 1_000
REPEATS, WARM_UP = 40, 20
VERB = "import.benchmark"


def main() -> None:
    with stage("bench"):
        rows = [*award_rows(), *page_rows(), *board_rows()]
        report("bench", rows)


def page_rows() -> list[dict]:
    """The idea list, asked for by a visitor and by a member."""
    author, reader = make_members(2, stem="reader")
    now = timezone.now()
    Idea.objects.bulk_create(
        Idea(
            title=f"Idea {n}",
            body="By the gate.",
            body_html="<p>By the gate.</p>",
            author=author,
            score=n % 97,
            trend=float(n),
            posted_at=now - timedelta(hours=n),
        )
        for n in range(IDEAS)
    )
    visitor, member = Client(), Client()
    member.force_login(reader)
    pages = {"a visitor": visitor, "a member": member}
    rows = [
        latency(f"idea list, {IDEAS:,} ideas, {who}", lambda c=client: get(c, "/ideas/"))
        for who, client in pages.items()
    ]
    query = latency("idea list, its service alone", lambda: list_ideas(member=reader))
    return [*rows, query]


def latency(what: str, run: Callable[[], object]) -> dict:
    """Median and 95th percentile in milliseconds, and the number of queries."""
    for _ in range(3):
        run()
    with CaptureQueriesContext(connection) as counted:
        run()
    # Counted at once: the next request empties the list.
    queries = len(counted)
    times = sorted(timed(run) * 1000 for _ in range(REPEATS))
    return {
        "what": what,
        "median ms": statistics.median(times),
        "95 % ms": times[int(REPEATS * 0.95) - 1],
        "queries": queries,
    }


def timed(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def get(client: Client, path: str) -> None:
    response = client.get(path)
    if response.status_code != 200:
        raise SystemExit(f"{path} answered {response.status_code}")


if __name__ == "__main__":
    main()
