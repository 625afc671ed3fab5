"""Awards beside the least that Django and PostgreSQL can do, in one run: `benchmarks/limits.py`.

The limits are the scripts of a folder of their own, LIMITS (`../shared/bench` beside the checkout):
`django_award.py` inserts one row into a ledger and adds to one balance, `ledger_hot.sql` lets
pgbench do that for ten members at once. Every figure is the median of rounds that are taken in
turns, and what counts is the share of the limit. PostgreSQL only.
"""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from awards import VERB, publish_many
from clients import rate, together
from comments import comment_rates
from django.db import connection
from django.utils import timezone
from stage import make_members, report, stage

from portal.accounts.models import Member
from portal.activity.services import Draft, record, record_batch

LIMITS = Path(os.environ.get("LIMITS", Path(__file__).resolve().parents[2] / "shared" / "bench"))
PGBENCH = shutil.which("pgbench") or "/usr/lib/postgresql/15/bin/pgbench"
ROUNDS, SECONDS = 3, 5.0
# A thousand at once is what the API takes.
MEMBERS, RULES, HOT, CLIENTS, AT_ONCE = 2_000, 200, 10, 16, 1_000
Rates = dict[str, list[float]]


def main() -> int:
    if connection.vendor != "postgresql" or not (LIMITS / "django_award.py").exists():
        print(f"Left out: the limits need PostgreSQL and the scripts in {LIMITS}.")
        return 0
    with stage("limits"):
        members = make_members(MEMBERS)
        make_limit_tables()
        warm_up(members)
        report("limits", [*award_shares(members), *comment_rates(ROUNDS, SECONDS)])
    return 0


def award_shares(members: list[Member]) -> list[dict]:
    """Rates of the portal and of the limits, each with its share of the limit that it stands by."""
    hot = members[:HOT]
    cases: dict[str, Callable[[], float]] = {
        "limit: ORM": lambda: by_django("orm"),
        "limit: one statement": lambda: by_django("raw"),
        "limit: batch": lambda: by_django("batch"),
        "limit: hot": by_pgbench,
        f"{RULES} rules, one matches": lambda: one_by_one(members, matching=1),
        f"{RULES} rules, ten match": lambda: one_by_one(members, matching=10),
        f"{AT_ONCE} at once": lambda: at_once(members),
        f"{HOT} hot members, {CLIENTS} clients, one by one": lambda: crowd(partial(single, hot)),
        f"{HOT} hot members, {CLIENTS} clients, 100 at once": lambda: crowd(partial(batched, hot)),
    }
    rates: Rates = {name: [] for name in cases}
    for _round in range(ROUNDS):
        for name, case in cases.items():
            rates[name].append(case())
    middle = {name: statistics.median(found) for name, found in rates.items()}
    beside = {"one matches": "ORM", "ten match": "ORM", "hot": "hot", "at once": "batch"}
    return [row_of(name, rate, rates[name], middle, beside) for name, rate in middle.items()]


def row_of(
    name: str, rate: float, found: list[float], middle: dict[str, float], beside: dict[str, str]
) -> dict:
    row = {"what": name, "per second": rate, "lowest": min(found), "highest": max(found)}
    if name.startswith("limit"):
        return row
    limit = next(f"limit: {value}" for key, value in beside.items() if key in name)
    row |= {"share": rate / middle[limit], "of": limit}
    if "one matches" in name:
        row["share of one statement"] = rate / middle["limit: one statement"]
    return row


def one_by_one(members: list[Member], *, matching: int) -> float:
    """Activities a second of one process, each judged among all rules."""
    publish_many(matching, RULES)
    return rate(partial(single, members), SECONDS)


def at_once(members: list[Member]) -> float:
    publish_many(1, RULES)
    return rate(partial(batched, members, AT_ONCE), SECONDS)


def crowd(send: Callable[[], int]) -> float:
    """Activities a second of many processes."""
    publish_many(1, RULES)
    return together(CLIENTS, send, SECONDS)


def single(members: list[Member]) -> int:
    member = random.choice(members)
    record(member=member, verb=VERB, object="post:1", source="limits", key=fresh_key())
    return 1


def batched(members: list[Member], count: int = 100) -> int:
    now = timezone.now()
    chosen = random.sample if len(members) >= count else random.choices
    drafts = [Draft(one, VERB, fresh_key(), now, "post:1") for one in chosen(members, k=count)]
    record_batch(drafts, source="limits-batch")
    return count


def fresh_key() -> str:
    return f"{random.getrandbits(64):x}"


def by_django(mode: str) -> float:
    command = [sys.executable, str(LIMITS / "django_award.py"), str(SECONDS), "1", mode]
    said = subprocess.run(command, env=limit_environment(), capture_output=True, check=True)
    return json.loads(said.stdout.splitlines()[-1])["awards_per_s"]


def by_pgbench() -> float:
    command = [PGBENCH, "-n", "-M", "prepared", "-f", str(LIMITS / "ledger_hot.sql")]
    command += ["-c", str(CLIENTS), "-j", "2", "-T", str(round(SECONDS))]
    said = subprocess.run(command, env=limit_environment(), capture_output=True, check=True)
    found = re.search(r"^tps = ([\d.]+)", said.stdout.decode(), re.MULTILINE)
    return float(found[1]) if found else 0.0


def limit_environment() -> dict[str, str]:
    """The limits' scripts in this run's own database."""
    known = connection.settings_dict
    where = {"PGHOST": known["HOST"], "PGPORT": str(known["PORT"] or 5432)}
    who = {"PGUSER": known["USER"], "PGPASSWORD": known["PASSWORD"], "PGDATABASE": known["NAME"]}
    return os.environ | where | who | {"DB": "pg", "PYTHONPATH": str(LIMITS)}


def make_limit_tables() -> None:
    with connection.cursor() as cursor:
        cursor.execute((LIMITS / "ledger_schema.sql").read_text(encoding="utf-8"))


def warm_up(members: list[Member]) -> None:
    """Everybody has accounts and totals before anything is timed, as members of a portal have."""
    publish_many(1, RULES)
    for start in range(0, MEMBERS, AT_ONCE):
        batched(members[start : start + AT_ONCE], AT_ONCE)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    sys.exit(main())
