"""What an award costs: one at a time, among many rules, and from a file."""

import time
from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from stage import make_members, publish_rules

from badges.models import Account, Entry, PeriodTotal, ProgramVersion, Transfer
from badges.models.owners import MEMBER
from badges.services import boards, books
from portal.accounts.models import Member
from portal.activity.models import Activity, ActivityStream
from portal.activity.services import Draft, record, record_batch
from portal.notifications.models import Notice, NoticeStream

ROUNDS = 3
ACTIVITIES = 200
FILE = 2_000
AT_ONCE = 500
RULES = 200
VERB = "import.benchmark"
PROGRAM = Account.Kind.PROGRAM


def award_rows() -> list[dict]:
    """Activities a second, each as the median of three rounds taken in turns, and as a share of
    the same rows written by hand one after another."""
    members = make_members(100)
    publish_many(1, 1)
    for member in members:
        record(member=member, verb=VERB, source="bench", key=f"warm-{member.pk}")
    cases: dict[str, Callable[[str], int]] = {
        "the same rows by hand, nothing judged": lambda key: by_hand(members, key),
        "recorded and judged, one rule": lambda key: one_by_one(members, key, matching=1, rules=1),
        f"{RULES} rules, one matches": lambda key: one_by_one(members, key, matching=1),
        f"{RULES} rules, ten match": lambda key: one_by_one(members, key, matching=10),
        f"{RULES} rules, one matches, {AT_ONCE} at once": lambda key: from_a_file(members, key),
    }
    rates: dict[str, list[float]] = {name: [] for name in cases}
    for number in range(ROUNDS):
        for place, (name, case) in enumerate(cases.items()):
            began = time.perf_counter()
            count = case(f"{number}-{place}")
            rates[name].append(count / (time.perf_counter() - began))
    middle = {name: sorted(found)[ROUNDS // 2] for name, found in rates.items()}
    limit = next(iter(middle.values()))
    rows: list[dict] = [
        {"what": name, "per second": rate, "share of by hand": rate / limit}
        for name, rate in middle.items()
    ]
    with CaptureQueriesContext(connection) as counted:
        record(member=members[0], verb=VERB, object="post:1", source="bench", key="counted")
    return [*rows, {"what": "statements, begin and commit counted", "queries": len(counted)}]


def one_by_one(members: list[Member], stem: str, *, matching: int, rules: int = RULES) -> int:
    publish_many(matching, rules)
    for number in range(ACTIVITIES):
        member = members[number % len(members)]
        key = f"one-{stem}-{number}"
        record(member=member, verb=VERB, object="post:1", source="bench", key=key)
    return ACTIVITIES


def from_a_file(members: list[Member], stem: str) -> int:
    publish_many(1, RULES)
    for start in range(0, FILE, AT_ONCE):
        now = timezone.now()
        drafts = [
            Draft(members[n % len(members)], VERB, f"file-{stem}-{n}", now, "post:1")
            for n in range(start, start + AT_ONCE)
        ]
        record_batch(drafts, source="bench-file")
    return FILE


def by_hand(members: list[Member], stem: str) -> int:
    publish_many(1, 1)
    periods = boards.periods_of(timezone.now(), ProgramVersion.objects.current()[1], "points")
    for number in range(ACTIVITIES):
        hand_award(members[number % len(members)], f"hand-{stem}-{number}", periods)
    return ACTIVITIES


def publish_many(matching: int, rules: int) -> None:
    verbs = {f"match-{n}": VERB for n in range(matching)}
    publish_rules(**verbs, **{f"other-{n}": f"import.other_{n}" for n in range(rules - matching)})


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
    brand = books.system_accounts({("points", PROGRAM)})["points", PROGRAM]
    sides = [(wallet.pk, 10), (brand, -10)]
    Entry.objects.bulk_create(Entry(transfer=transfer, account_id=a, amount=n) for a, n in sides)
    Account.objects.filter(pk=wallet.pk).update(balance=F("balance") + 10, peak=F("peak") + 10)
    totals = PeriodTotal.objects.of(member).filter(currency="points", period__in=periods)
    totals.update(total=F("total") + 10, reached_at=now)
    NoticeStream.objects.filter(pk=member.pk).update(last_sequence=F("last_sequence") + 1)
    number = NoticeStream.objects.values_list("last_sequence", flat=True).get(pk=member.pk)
    Notice(recipient=member, kind="badges.award", activity=activity, sequence=number).save(
        force_insert=True
    )
