"""A large ledger, written by a few statements, to see how long its verification takes."""

import time
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from stage import make_members

from badges.models import Account, ProgramVersion
from badges.program.schema import EMPTY_PROGRAM
from badges.services.books import Book, system_accounts
from badges.services.programs import publish
from badges.services.rebuilding import rebuild
from badges.services.verification import figures, verify
from portal.activity.models import ActivityStream

MEMBERS = 2_000
DAYS = 28
FIRST = datetime(2026, 2, 2, 12, tzinfo=UTC)
LIMIT_SECONDS = 60
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT %s UNION ALL SELECT i + 1 FROM n WHERE i < %s)"
ACTIVITIES = f"""
    INSERT INTO activity_activity (member_id, verb, object, value, occurred_at, recorded_at,
        local_date, source, key, content_hash, depth, sequence, dispatched_at)
    {NUMBERS}
    SELECT %s + i %% {MEMBERS}, 'import.grown', '', 1, %s, %s, %s, 'grown', 'grown-' || i, '', 0,
        i, %s FROM n
"""
TRANSFERS = """
    INSERT INTO badges_transfer (owner_type, owner_id, currency, kind, amount, activity_id,
        rule_code, program_id, reason, counted_at, created_at)
    SELECT 'member', member_id, 'points', 'award', 1, id, 'grown', %s, '', occurred_at, recorded_at
    FROM activity_activity WHERE source = 'grown'
"""
ENTRIES = """
    INSERT INTO badges_entry (transfer_id, account_id, amount)
    SELECT t.id, a.id, t.amount FROM badges_transfer t
    JOIN badges_account a ON a.owner_type = 'member' AND a.owner_id = t.owner_id
        AND a.currency = 'points' AND a.kind = 'wallet'
    WHERE t.rule_code = 'grown'
    UNION ALL SELECT t.id, %s, -t.amount FROM badges_transfer t WHERE t.rule_code = 'grown'
"""


def verified_ledger(entries: int) -> dict:
    """Grow a ledger of so many entries, verify it, and say what was seen as a row of the table."""
    grow(entries // 2)
    start = time.perf_counter()
    problems = verify()
    seconds = time.perf_counter() - start
    for problem in problems[:5]:
        print(f"{problem.invariant}: {problem.message}")
    late = seconds > LIMIT_SECONDS * max(1, entries / 1_000_000)
    return {
        "what": f"G5 verify_ledger, at most {LIMIT_SECONDS} s for a million entries",
        "count": figures()["entries"],
        "wrong": len(problems) + late,
        "seconds": seconds,
    }


def found_difference() -> dict:
    """Whether a balance that is off by one among a million entries is found, and the alarm ends."""
    wallets = Account.objects.filter(kind=Account.Kind.WALLET, owner_type="member")
    wallet = wallets.order_by("-pk").first()
    seen = []
    for change in (1, -1):
        Account.objects.filter(pk=wallet.pk).update(balance=F("balance") + change)
        start = time.perf_counter()
        seen.append([problem.invariant for problem in verify()])
        seconds = time.perf_counter() - start
    found = "I4" in seen[0] and not seen[1]
    what = f"G5 a balance off by one, found as {' and '.join(seen[0]) or 'nothing'}"
    return {"what": what, "count": 1, "wrong": int(not found), "seconds": seconds}


def grow(transfers: int) -> None:
    """Write activities, transfers and entries of awards, and what is kept beside them."""
    limit = [{"times": transfers, "per": per} for per in ("day", "week", "ever")]
    award = {"currency": "points", "amount": 1}
    rule = {"code": "grown", "verb": "import.grown", "award": award, "limit": limit}
    publish(document={**EMPTY_PROGRAM, "rules": [rule | {"budget": 1_000_000_000}]})
    members = make_members(MEMBERS, stem="grown")
    first = min(member.pk for member in members)
    streams = [ActivityStream(member=member, last_sequence=transfers) for member in members]
    ActivityStream.objects.bulk_create(streams)
    with transaction.atomic():
        Book([member.pk for member in members], ["points"])
    other = system_accounts({("points", Account.Kind.PROGRAM)})["points", Account.Kind.PROGRAM]
    version, _program = ProgramVersion.objects.current()
    now, portion = timezone.now(), transfers // DAYS + 1
    with connection.cursor() as cursor:
        for day in range(DAYS):
            at = FIRST + timedelta(days=day)
            numbers = [day * portion + 1, min((day + 1) * portion, transfers)]
            if numbers[0] <= numbers[1]:
                cursor.execute(ACTIVITIES, [*numbers, first, at, now, at.date(), now])
        cursor.execute(TRANSFERS, [version])
        cursor.execute(ENTRIES, [other])
    rebuild()
