import random
from datetime import UTC, datetime, timedelta

import pytest

from portal.home.demo.timeline import Timeline

DAY = datetime(2026, 5, 4, tzinfo=UTC)


@pytest.mark.parametrize("hour", range(24))
def test_a_moment_between_two_others_never_leaves_them(hour):
    line = Timeline(random.Random(hour))
    start = DAY.replace(hour=hour, minute=40, second=30)
    end = start + timedelta(days=2)

    moments = [line.between(start, end) for _number in range(300)]

    assert start <= min(moments)
    assert max(moments) <= end


def test_moments_fall_by_day_where_there_is_room():
    line = Timeline(random.Random(1))

    moments = [line.between(DAY, DAY + timedelta(days=10)) for _number in range(100)]

    assert all(7 <= moment.hour <= 19 for moment in moments)
