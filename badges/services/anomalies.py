"""What looks unusual in the economy: found by rules that everybody can work out again.

Nothing here judges anybody: each finding says what was seen and against what it was held.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Count, Q, Sum
from django.utils import timezone

from badges.models import Adjustment, PeriodTotal, Transfer
from badges.models.owners import MEMBER
from badges.program.schema import Program
from badges.services.boards import week_of
from portal.accounts.models import Member

# A week is held against so many before it; adjustments are looked at over as many.
WEEKS = 4
WEEK = timedelta(days=7)
# So many times as much as what it is held against.
FAR = 3
# Less than this is never unusual.
LEAST = 100
# From so many times on, one gives to the same member again and again.
AGAIN = 3
MOST_MEMBERS = 5


@dataclass(frozen=True)
class Anomaly:
    """One finding: `amount` is what was seen, `usual` what it is held against."""

    kind: str
    currency: str = ""
    amount: int = 0
    usual: int = 0
    times: int = 0
    rule_code: str = ""
    staff: Member | None = None
    member: Member | None = None


@dataclass(frozen=True)
class Finding:
    """An anomaly whose people are not read yet."""

    anomaly: Anomaly
    staff_id: int | None = None
    member_id: int | None = None

    def named(self, people: dict[int, Member]) -> Anomaly:
        staff, member = people.get(self.staff_id or 0), people.get(self.member_id or 0)
        return replace(self.anomaly, staff=staff, member=member)


@dataclass(frozen=True)
class Given:
    """What one of the team gave one member by hand in one currency."""

    staff_id: int
    member_id: int
    currency: str
    amount: int
    times: int


def anomalies(*, program: Program, now: datetime | None = None) -> list[Anomaly]:
    """Everything unusual of the last days; as many statements whatever there is to find."""
    moment = now or timezone.now()
    given = _given_by_hand(moment)
    found = [*_generous(given), *_again_and_again(given), *_mutual(given)]
    earners = list(_far_above(program, moment))
    people = Member.objects.in_bulk(
        {pk for one in (*found, *earners) for pk in (one.staff_id, one.member_id) if pk}
    )
    rules = list(_rules_out_of_step(moment))
    return [*(one.named(people) for one in found), *rules, *(one.named(people) for one in earners)]


def _given_by_hand(now: datetime) -> list[Given]:
    """Points given by hand in the last four weeks, by who asked for it and who got it."""
    made = Adjustment.objects.filter(is_approved=True, moved__gt=0)
    made = made.filter(decided_at__gt=now - WEEKS * WEEK, decided_at__lte=now)
    rows = made.values_list("asked_by_id", "member_id", "currency")
    sums = rows.annotate(total=Sum("moved"), times=Count("pk"))
    return [Given(*row) for row in sums.order_by("-total", "asked_by_id", "member_id")]


def _generous(given: list[Given]) -> Iterator[Finding]:
    """Who gave far more than whoever gave second most."""
    sums: dict[str, Counter] = defaultdict(Counter)
    for one in given:
        sums[one.currency][one.staff_id] += one.amount
    for currency, by_staff in sorted(sums.items()):
        ranked = by_staff.most_common(2)
        if len(ranked) < 2:
            continue
        (staff_id, most), (_other, second) = ranked
        if most >= LEAST and most >= FAR * second:
            yield Finding(Anomaly("generous", currency, most, second), staff_id)


def _again_and_again(given: list[Given]) -> Iterator[Finding]:
    """Who gave the same member something three times or more."""
    for one in given:
        if one.times >= AGAIN:
            anomaly = Anomaly("again", one.currency, one.amount, times=one.times)
            yield Finding(anomaly, one.staff_id, one.member_id)


def _mutual(given: list[Given]) -> Iterator[Finding]:
    """Two of the team who gave one another something."""
    sums: Counter = Counter()
    for one in given:
        sums[one.staff_id, one.member_id, one.currency] += one.amount
    for (staff_id, member_id, currency), amount in sorted(sums.items()):
        back = sums.get((member_id, staff_id, currency))
        if back and staff_id < member_id:
            yield Finding(Anomaly("mutual", currency, amount, back), staff_id, member_id)


def _rules_out_of_step(now: datetime) -> Iterator[Anomaly]:
    """Rules that paid far more than in any of the weeks before, or suddenly nothing.

    One statement over the five weeks, on the index of `counted_at`.
    """
    edges = [now - number * WEEK for number in range(WEEKS + 2)]
    weeks = {
        f"week_{number}": Sum(
            "amount",
            filter=Q(counted_at__gt=edges[number + 1], counted_at__lte=edges[number]),
            default=0,
        )
        for number in range(WEEKS + 1)
    }
    paid = Transfer.objects.filter(kind__in=Transfer.COUNTED)
    paid = paid.filter(counted_at__gt=edges[-1], counted_at__lte=now)
    rows = paid.values_list("rule_code", "currency").annotate(**weeks)
    for code, currency, latest, *before in rows.order_by("rule_code", "currency"):
        most, least = max(before), min(before)
        if most > 0 and latest >= LEAST and latest >= FAR * most:
            yield Anomaly("jump", currency, latest, most, rule_code=code)
        elif latest <= 0 and least >= LEAST:
            yield Anomaly("silence", currency, latest, least, rule_code=code)


def _far_above(program: Program, now: datetime) -> Iterator[Finding]:
    """Members who earned this week far more than anybody in the weeks before.

    Two statements a currency, which read some rows from the top of each week's board.
    """
    week = week_of(now, program)
    former = [week_of(now - number * WEEK, program) for number in range(1, WEEKS + 1)]
    for currency in program.currencies:
        usual = _most_of(currency, former)
        if not usual:
            continue
        rows = PeriodTotal.objects.filter(owner_type=MEMBER, currency=currency, period=week)
        rows = rows.filter(total__gte=max(LEAST, FAR * usual)).order_by("-total", "owner_id")
        for owner_id, total in rows.values_list("owner_id", "total")[:MOST_MEMBERS]:
            yield Finding(Anomaly("earner", currency, total, usual), member_id=owner_id)


def _most_of(currency: str, periods: list[str]) -> int:
    """The highest total that anybody had in one of the periods."""
    one = "SELECT MAX(total) FROM badges_periodtotal WHERE currency = %s AND period = %s"
    with connection.cursor() as cursor:
        sql = " UNION ALL ".join([one] * len(periods))
        cursor.execute(sql, [value for period in periods for value in (currency, period)])
        return max((total for (total,) in cursor.fetchall() if total), default=0)
