"""Leaderboards beside a sorted set of Redis and beside the bare indexed query, in one run.

`benchmarks/boards.py --members 1000000` looks at that size alone; `make bench` at small ones.
"""

import argparse
import random
import time
from collections.abc import Callable

import redis
from django.conf import settings
from django.db import connection, transaction
from stage import report, stage

from badges.models import PeriodTotal
from badges.models.boards import EXPERIENCE
from badges.services import boards, marks
from badges.services.ranks import rank_of
from portal.accounts.models import Member

SIZES = [1_000, 100_000]
ASKED, ROUNDS = 100, 3
SHOWN = 50
WAITING = 1_000
# Every hundredth member has opted out of lists.
HIDDEN = 100
STEM = "board"
KEY = "meydan:bench:board"
SERIES = (
    "WITH RECURSIVE series(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < {count}) "
)
PEOPLE = (
    "INSERT INTO accounts_member ({columns}) {series}"
    "SELECT {values} FROM series, accounts_member WHERE accounts_member.id = {model}"
)
# Skewed, as totals are: many have little, few have much.
TOTALS = """
INSERT INTO badges_periodtotal (owner_type, owner_id, currency, period, total, reached_at)
SELECT 'member', id, %s, %s, 1 + CAST(1000000.0 * place * place * place AS bigint), date_joined
FROM (
    SELECT id, date_joined, ((id - {first}) * 7919 %% {prime}) / {prime}.0 AS place
    FROM accounts_member WHERE id >= {first} AND id < {first} + {count}
) AS placed
"""
PRIME = 1_000_003
BARE = (
    "SELECT id, owner_id, total, reached_at FROM badges_periodtotal WHERE currency = %s"
    " AND period = %s ORDER BY total DESC, reached_at, owner_id LIMIT %s"
)
COUNTED = (
    "SELECT 1 + COUNT(*) FROM badges_periodtotal WHERE currency = %s AND period = %s"
    " AND total > (SELECT total FROM badges_periodtotal WHERE owner_type = 'member'"
    " AND owner_id = %s AND currency = %s AND period = %s)"
)
Case = Callable[[Member], object]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--members", type=int, nargs="+", default=SIZES, metavar="N")
    with stage("boards"):
        report("boards", board_rows(parser.parse_args().members))


def board_rows(sizes: list[int] = SIZES) -> list[dict]:
    """For each size: median and 95th percentile in milliseconds, and shares of the other way."""
    first = make_people(max(sizes))
    rows: list[dict] = []
    for count in sorted(sizes):
        period = f"of-{count}"
        with connection.cursor() as cursor:
            sql = TOTALS.format(first=first, count=count, prime=PRIME)
            cursor.execute(sql, [EXPERIENCE, period])
        began = time.perf_counter()
        marks.keep_marks()
        seconds = time.perf_counter() - began
        settle_down("badges_periodtotal", "badges_boardmark", "accounts_member")
        rows.append({"what": f"{count:,} members: all marks from nothing, s", "median ms": seconds})
        rows += sized_rows(period, count, first)
    compare_sizes(rows, sizes)
    return rows


def sized_rows(period: str, count: int, first: int) -> list[dict]:
    chance = random.Random(count)
    ids = [first + chance.randrange(count) for _ in range(ASKED)]
    asked = [one for one in Member.objects.filter(pk__in=ids) if one.is_listed]
    store = sorted_set(period)
    board = [EXPERIENCE, period]
    cases: dict[str, Case] = {
        "bare query of 50": lambda _one: query(BARE, [*board, SHOWN]),
        "rank": lambda one: rank_of(member=one, period=period),
        "top 50": lambda _one: boards.top(period=period, limit=SHOWN),
        "around a member": lambda one: boards.around(member=one, period=period),
        "rank by counting who has more": lambda one: query(COUNTED, [*board, one.pk, *board]),
    }
    if store:
        cases = {"ZREVRANK": lambda one: store.zrevrank(KEY, one.pk)} | cases
        check(store, period, asked)
    times = in_turns(cases, asked)
    with transaction.atomic():
        moving = PeriodTotal.objects.filter(owner_id__lt=first + WAITING, period=period)
        moving.update(total=1_000_000)
        name = f"rank, {WAITING:,} totals moved since"
        times |= in_turns({name: cases["rank"]}, asked)
        transaction.set_rollback(True)
    if store:
        store.delete(KEY)
    return [row_of(count, name, found, times) for name, found in times.items()]


def in_turns(cases: dict[str, Case], asked: list[Member]) -> dict[str, list[float]]:
    """Sorted milliseconds of each case, a round of every case after the other."""
    times: dict[str, list[float]] = {name: [] for name in cases}
    for _round in range(ROUNDS):
        for name, case in cases.items():
            case(asked[0])
            for one in asked:
                began = time.perf_counter()
                case(one)
                times[name].append((time.perf_counter() - began) * 1000)
    return {name: sorted(found) for name, found in times.items()}


def row_of(count: int, name: str, found: list[float], times: dict[str, list[float]]) -> dict:
    row = {
        "what": f"{count:,} members: {name}",
        "median ms": middle(found),
        "95 % ms": nearly_all(found),
    }
    if name.startswith("rank") and "ZREVRANK" in times:
        row["95 % / ZREVRANK"] = nearly_all(found) / nearly_all(times["ZREVRANK"])
    if name in ("top 50", "around a member"):
        row["95 % / bare"] = nearly_all(found) / nearly_all(times["bare query of 50"])
        row["median / bare"] = middle(found) / middle(times["bare query of 50"])
    return row


def compare_sizes(rows: list[dict], sizes: list[int]) -> None:
    """Put the growth of a rank from the smallest board to the largest beside the latter."""
    found = {row["what"]: row for row in rows}
    least, most = (found[f"{count:,} members: rank"] for count in (min(sizes), max(sizes)))
    most["median / smallest"] = most["median ms"] / least["median ms"]


def middle(found: list[float]) -> float:
    return found[len(found) // 2]


def nearly_all(found: list[float]) -> float:
    return found[int(len(found) * 0.95)]


def make_people(count: int) -> int:
    """Insert so many members by one statement; return the id of the first."""
    model = Member.objects.create(handle="model", name="Model", password="!")
    names = {field.column: f"accounts_member.{field.column}" for field in fields_of(Member)}
    names |= {"handle": f"'{STEM}-' || n", "email": "NULL", "is_listed": f"n % {HIDDEN} <> 0"}
    sql = PEOPLE.format(
        columns=", ".join(names),
        values=", ".join(names.values()),
        series=SERIES.format(count=count),
        model=model.pk,
    )
    query(sql)
    return Member.objects.get(handle=f"{STEM}-1").pk


def fields_of(model: type[Member]) -> list:
    return [field for field in model._meta.concrete_fields if not field.primary_key]


def query(sql: str, parameters: list | None = None) -> list:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall() if cursor.description else []


def settle_down(*tables: str) -> None:
    """What the database does by itself after a while."""
    for table in tables:
        query(f"{'VACUUM ANALYZE' if connection.vendor == 'postgresql' else 'ANALYZE'} {table}")


def sorted_set(period: str) -> "redis.Redis | None":
    """The listed members of a board in Redis, or None where there is no Redis."""
    if not settings.REDIS_URL:
        return None
    store = redis.Redis.from_url(settings.REDIS_URL)
    store.delete(KEY)
    rows = PeriodTotal.objects.filter(period=period, is_counted=True).values_list(
        "owner_id", "counted"
    )
    part: dict[int, int] = {}
    for owner, total in rows.iterator(chunk_size=10_000):
        part[owner] = total
        if len(part) == 10_000:
            store.zadd(KEY, part)
            part = {}
    if part:
        store.zadd(KEY, part)
    return store


def check(store: "redis.Redis", period: str, asked: list[Member]) -> None:
    """Ours are the ranks of the sorted set, with ties shared."""
    for one in asked:
        score = store.zscore(KEY, one.pk)
        if rank_of(member=one, period=period) != 1 + store.zcount(KEY, f"({score}", "+inf"):
            raise SystemExit(f"the rank of {one} is wrong")


if __name__ == "__main__":
    main()
