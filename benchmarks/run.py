"""How fast the portal is, on SQLite and where DATABASE_URL names one on PostgreSQL: `make bench`.

The figures to watch are shares: of what the same rows cost when they are written by hand and
nothing is judged, of what one client gets done, and of what a query costs by itself. `--whole`
takes boards of a million members and a ledger of five million entries.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from awards import award_rows
from boards import SIZES, board_rows
from clients import client_rows
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from histories import ENTRIES, history_rows
from stage import engines, environment_of, get, make_members, report, stage

from community.models import Idea
from community.services.listing import list_ideas

IDEAS = 1_000
REPEATS = 40
WHOLE_SIZES, WHOLE_ENTRIES = [1_000, 10_000, 1_000_000], 5_000_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--whole", action="store_true", help="boards and ledger at full size")
    parser.add_argument("--found", type=Path, help="where rows go: of the engine in force alone")
    options = parser.parse_args()
    if options.found:
        options.found.write_text(json.dumps(rows_of_engine(options.whole)))
        return 0
    with tempfile.TemporaryDirectory(prefix="meydan-bench-") as folder:
        found = Path(folder) / "rows.json"
        command = [sys.executable, __file__, "--found", str(found)]
        command += ["--whole"] if options.whole else []
        rows = []
        for engine in engines():
            subprocess.run(command, env=environment_of(engine), check=True)
            rows += [{"engine": engine, **row} for row in json.loads(found.read_text())]
    report("bench", rows)
    return 0


def rows_of_engine(is_whole: bool) -> list[dict]:
    """Everything that is measured on the engine in force; each database begins empty."""
    rows: list[dict] = []
    for name, measure in {
        "awards": award_rows,
        "clients": client_rows,
        "pages": page_rows,
        "boards": lambda: board_rows(WHOLE_SIZES if is_whole else SIZES),
        "histories": lambda: history_rows(WHOLE_ENTRIES if is_whole else ENTRIES),
    }.items():
        with stage(f"bench_{name}"):
            rows += measure()
    return rows


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


if __name__ == "__main__":
    raise SystemExit(main())
