"""The last seven days of a member in points, for the dashboard."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from badges.models import Transfer
from badges.services.awarding import EXPERIENCE
from portal.accounts.models import Member

DAYS = 7
BAR_HEIGHT = 36


@dataclass(frozen=True)
class Day:
    """One bar: a day in the member's zone, what it brought, where the bar begins and its height."""

    day: date
    amount: int
    top: int
    height: int


def week_of_member(member: Member) -> list[Day]:
    """Seven days up to today, oldest first."""
    today = timezone.now().astimezone(member.zone).date()
    days = [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    since = timezone.now() - timedelta(days=DAYS + 1)
    rows = Transfer.objects.of(member).filter(currency=EXPERIENCE, created_at__gte=since)
    gained: Counter[date] = Counter()
    for counted_at, amount in rows.values_list("counted_at", "amount"):
        gained[counted_at.astimezone(member.zone).date()] += amount
    most = max((gained[day] for day in days), default=0)
    return [_bar(day, max(0, gained[day]), most) for day in days]


def _bar(day: date, amount: int, most: int) -> Day:
    height = max(1, BAR_HEIGHT * amount // most) if most and amount else 1
    return Day(day, amount, 2 + BAR_HEIGHT - height, height)
