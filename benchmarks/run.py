"""How fast the portal is on the database in force: `make bench`.

The figure to watch is the ratio of recording and dispatching one activity, one rule and all that
belongs to it, to a bare transaction that writes the same rows by hand and judges nothing.
"""

import statistics
import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stage import make_members, publish_rules, report, stage

from badges.models import Account, Entry, PeriodTotal, ProgramVersion, Transfer
from badges.models.owners import MEMBER
from badges.services import boards, ledger
from community.models import Idea
from community.services.listing import list_ideas
from portal.accounts.models import Member
from portal.activity.models import Activity, ActivityStream
from portal.activity.services import record
from portal.notifications.models import Notice, NoticeStream

ACTIVITIES = 300
IDEAS = 1_000
STANDINGS = 5_000
REPEATS = 40
VERB = "import.benchmark"
WARM_UP = 20


def main() -> None:
    with stage("bench"):
        publish_rules(benchmark=VERB)
        rows = [*award_rows(make_members(10)), *page_rows(), *board_rows()]
        report("bench", rows)


def award_rows(members: list[Member]) -> list[dict]:
    """Activities a second through the portal and by hand, in turns, so that both meet the same."""
    periods = boards.periods_of(timezone.now(), ProgramVersion.objects.current()[1])
    for number in range(WARM_UP):
        portal_award(members[number % len(members)], f"warm-{number}")
    spent = {"portal": 0.0, "hand": 0.0}
    for number in range(ACTIVITIES):
        member = members[number % len(members)]
        spent["portal"] += timed(lambda m=member, n=number: portal_award(m, f"portal-{n}"))
        spent["hand"] += timed(lambda m=member, n=number: hand_award(m, f"hand-{n}", periods))
    rate = {name: ACTIVITIES / seconds for name, seconds in spent.items()}
    with CaptureQueriesContext(
        connection,
    ) as counted:
        portal_award(members[0], "counted")
    return [
        {
            "what": "record and dispatch, one rule",
            "per second": rate["portal"],
            "queries": len(counted),
        },
        {"what": "the same rows by hand", "per second": rate["hand"]},
        {"what": "ratio, hand to portal", "ratio": rate["hand"] / rate["portal"]},
    ]


def portal_award(member: Member, key: str) -> None:
    record(member=member, verb=VERB, object="post:1", source="bench", key=key)


@transaction.atomic
def hand_award(member: Member, key: str, periods: list[str]) -> None:
    """What one award leaves behind, without a question asked."""
    now = timezone.now()
    ActivityStream.objects.filter(pk=member.pk).update(last_sequence=F("last_sequence") + 1)
    number = ActivityStream.objects.values_list("last_sequence", flat=True).get(pk=member.pk)
    activity = Activity(
        member_id=member.pk,
        verb=VERB,
        object="post:1",
        source="bench",
        key=key,
        occurred_at=now,
        local_date=now.date(),
        content_hash=key,
        sequence=number,
        dispatched_at=now,
    )
    activity.save(force_insert=True)
    transfer = Transfer(
        owner_type=MEMBER,
        owner_id=member.pk,
        currency="points",
        kind=Transfer.Kind.AWARD,
        amount=10,
        activity=activity,
        rule_code="benchmark",
        counted_at=now,
    )
    transfer.save(force_insert=True)
    wallet = Account.objects.of(member).get(currency="points", kind=Account.Kind.WALLET)
    sides = [(wallet, 10), (ledger.system_account("points"), -10)]
    Entry.objects.bulk_create(Entry(transfer=transfer, account=a, amount=n) for a, n in sides)
    Account.objects.filter(pk=wallet.pk).update(balance=F("balance") + 10, peak=F("peak") + 10)
    totals = PeriodTotal.objects.of(member).filter(currency="points", period__in=periods)
    totals.update(total=F("total") + 10, reached_at=now)
    NoticeStream.objects.filter(pk=member.pk).update(last_sequence=F("last_sequence") + 1)
    number = NoticeStream.objects.values_list("last_sequence", flat=True).get(pk=member.pk)
    Notice(recipient=member, kind="badges.award", activity=activity, sequence=number).save(
        force_insert=True
    )


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


def board_rows() -> list[dict]:
    """The two queries of a leaderboard with many on it."""
    people = make_members(STANDINGS, stem="standing")
    now = timezone.now()
    PeriodTotal.objects.bulk_create(
        PeriodTotal(
            owner_type=MEMBER,
            owner_id=person.pk,
            currency="experience",
            period="ever",
            total=n * 7919 % 5000 + 1,
            reached_at=now,
        )
        for n, person in enumerate(people)
    )
    board = {"currency": "experience", "period": "ever"}
    middle = people[STANDINGS // 2]
    return [
        latency(f"leaderboard of {STANDINGS:,}, top", lambda: boards.top(**board)),
        latency(
            f"leaderboard of {STANDINGS:,}, around a member",
            lambda: boards.around(member=middle, **board),
        ),
    ]


def latency(what: str, run: Callable[[], object]) -> dict:
    """Median and 95th percentile in milliseconds, and the number of queries."""
    for _ in range(3):
        run()
    with CaptureQueriesContext(connection) as counted:
        run()
    times = sorted(timed(run) * 1000 for _ in range(REPEATS))
    return {
        "what": what,
        "median ms": statistics.median(times),
        "95 % ms": times[int(REPEATS * 0.95) - 1],
        "queries": len(counted),
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
