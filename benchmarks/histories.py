"""A member's points page in a small ledger and in a large one: `benchmarks/histories.py`.

`--entries 5000000` takes a ledger of that many entries; `make bench` a smaller one.
"""

import argparse

from boards import in_turns, middle, nearly_all, query, settle_down
from django.test import Client
from ledgers import grow
from stage import get, make_members, publish_rules, report, stage

from badges.models import Entry, Transfer
from badges.services.history import PAGE, history_page
from portal.accounts.models import Member
from portal.activity.services import record

ENTRIES = 500_000
READERS, LINES = 20, 2 * PAGE
VERB = "import.read"
TABLES = ("badges_transfer", "badges_entry", "badges_account", "activity_activity")
BARE = (
    "SELECT id FROM badges_transfer WHERE owner_type = 'member' AND owner_id = %s"
    " ORDER BY id DESC LIMIT %s"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=ENTRIES, metavar="N")
    with stage("histories"):
        report("histories", history_rows(parser.parse_args().entries))


def history_rows(entries: int = ENTRIES) -> list[dict]:
    """Median and 95th percentile in milliseconds, before and after the ledger has grown."""
    small = measured(make_readers())
    rows = rows_of(small, Entry.objects.count())
    grow(entries // 2)
    settle_down(*TABLES)
    grown = Member.objects.filter(handle__startswith="grown-").order_by("pk")[:READERS]
    return [*rows, *rows_of(measured(list(grown)), Entry.objects.count(), small)]


def make_readers() -> list[Member]:
    """Members with two pages of history each, beside whom there is nobody yet."""
    publish_rules(read=VERB)
    readers = make_members(READERS, stem="reader")
    for line in range(LINES):
        for one in readers:
            record(member=one, verb=VERB, source="histories", key=f"{one.pk}-{line}")
    return readers


def measured(readers: list[Member]) -> dict[str, list[float]]:
    """Sorted milliseconds of the page, of its history, and of the bare query for that."""
    clients = {one.pk: Client() for one in readers}
    for one in readers:
        clients[one.pk].force_login(one)
    halfway = {one.pk: halfway_line(one) for one in readers}
    return in_turns(
        {
            "bare query of a page": lambda one: query(BARE, [one.pk, PAGE + 1]),
            "history": lambda one: history_page(member=one),
            "history from halfway": lambda one: history_page(member=one, before=halfway[one.pk]),
            "points page": lambda one: get(clients[one.pk], "/points/"),
        },
        readers,
    )


def halfway_line(reader: Member) -> int:
    lines = Transfer.objects.of(reader).order_by("pk").values_list("pk", flat=True)
    return lines[lines.count() // 2]


def rows_of(
    times: dict[str, list[float]], entries: int, small: dict[str, list[float]] | None = None
) -> list[dict]:
    rows = []
    for name, found in times.items():
        row = {
            "what": f"{entries:,} entries: {name}",
            "median ms": middle(found),
            "95 % ms": nearly_all(found),
        }
        if small:
            row["median / smallest"] = middle(found) / middle(small[name])
        rows.append(row)
    return rows


if __name__ == "__main__":
    main()
