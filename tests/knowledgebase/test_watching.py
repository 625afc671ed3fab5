from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from badges.services.books import balance
from knowledgebase.models import WatchProgress
from knowledgebase.services.intervals import GAP, add_seen, clean_intervals, length, merge
from knowledgebase.services.watching import GRACE, progress_of, report_watch
from tests.factories import knowledge
from tests.factories.programs import publish_rule

pytestmark = pytest.mark.usefixtures("knowledge_place")

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SESSION = UUID(int=1)


def after(seconds):
    return NOON + timedelta(seconds=seconds)


def watch(member, video, intervals, seconds, *, session=SESSION, opened=0):
    """Report at `seconds` after noon from a player that was opened at `opened`."""
    return report_watch(
        member=member,
        video=video,
        session=session,
        intervals=intervals,
        opened_at=None if opened is None else after(opened),
        at=after(seconds),
    )


def test_watching_to_ninety_percent_is_recorded_once_in_every_language(member):
    publish_rule(verb="knowledgebase.video_watched", amount=20)
    video = knowledge.video(duration=100)
    turkish = knowledge.translated(video)

    assert watch(member, video, [[0, 50]], 50) == (50, False, False)
    assert watch(member, video, [[50, 89.9]], 90) == (89, False, False)
    assert watch(member, turkish, [[89.9, 95]], 95) == (95, True, True)
    assert watch(member, video, [[0, 100]], 200) == (100, True, False)

    assert balance(member=member, currency="points") == 20
    assert member.activities.get().object == f"video:{video.translation_key}"


def test_skipping_to_the_end_earns_nothing(member):
    video = knowledge.video(duration=100)

    assert watch(member, video, [[0, 3], [95, 100]], 8) == (8, False, False)
    assert not member.activities.exists()


@pytest.mark.parametrize(("opened", "percent"), [(None, 2), (0, 12), (99, 2)])
def test_report_is_credited_up_to_the_time_since_the_session_began(member, opened, percent):
    """By the server's clock: from the page's signed opening, else from the first report."""
    video = knowledge.video(duration=100)

    first_at = 10 if opened in (None, 0) else 99

    assert watch(member, video, [[0, 100]], first_at, opened=opened).percent == percent


def test_new_sessions_do_not_multiply_the_grace(member):
    video = knowledge.video(duration=100)

    for number in range(30):
        watch(member, video, [[0, 100]], 0.1 * number, session=UUID(int=number), opened=None)

    assert progress_of(member=member, video=video).seen <= 2_000 + 2_900


def test_parallel_sessions_of_a_member_are_not_credited_twice(member):
    one, two = knowledge.video("One", duration=100), knowledge.video("Two", duration=100)

    watch(member, one, [[0, 40]], 40, session=UUID(int=1))
    watch(member, one, [[40, 80]], 40, session=UUID(int=2))
    watch(member, two, [[0, 40]], 40, session=UUID(int=3))

    assert progress_of(member=member, video=one).seen == 42_000
    assert progress_of(member=member, video=two).seen == 0


def test_faster_playback_counts_by_the_clock_and_what_was_seen_before_counts_once(member):
    video = knowledge.video(duration=100)

    assert watch(member, video, [[0, 60]], 30).percent == 32
    assert watch(member, video, [[0, 32]], 90).percent == 32
    assert watch(member, video, [[32, 80]], 140).percent == 80


def test_report_beyond_the_end_is_clipped(member):
    video = knowledge.video(duration=10)

    assert watch(member, video, [[0, 5_000]], 5_000).percent == 100
    assert progress_of(member=member, video=video).intervals == [[0, 10_000]]


@pytest.mark.parametrize(
    "forged",
    [
        None,
        {},
        "0-100",
        [5],
        [[5]],
        [[1, 2, 3]],
        [["0", "100"]],
        [[True, 5]],
        [[-1, 5]],
        [[5, 1]],
        [[0, float("nan")]],
        [[float("inf"), float("inf")]],
        [[0, 10**400]],
        [[0, 1e308]],
        [[0, 1]] * 501,
    ],
)
def test_forged_report_is_refused_and_changes_nothing(member, forged):
    video = knowledge.video(duration=100)
    watch(member, video, [[0, 10]], 10)

    with pytest.raises(ValidationError):
        watch(member, video, forged, 100)

    assert WatchProgress.objects.get().intervals == [[0, 10_000]]


def test_video_without_duration_is_never_watched(member):
    video = knowledge.video()
    video.media.duration = 0

    assert watch(member, video, [[0, 100]], 100) == (0, False, False)


def test_visitor_reports_nothing(db):
    with pytest.raises(PermissionDenied):
        report_watch(member=AnonymousUser(), video=knowledge.video(), session=uuid4(), intervals=[])


milliseconds = st.integers(0, 120_000)
pieces = st.lists(
    st.tuples(milliseconds, milliseconds)
    .map(lambda pair: tuple(sorted(pair)))
    .filter(lambda pair: pair[0] < pair[1])
)


@given(pieces, pieces, st.integers(-5_000, 120_000))
def test_seen_parts_grow_by_no_more_than_the_budget_and_lose_nothing(known, reported, budget):
    known, reported = merge(known), merge(reported)

    seen, grown = add_seen(known, reported, budget=budget)

    assert 0 <= grown <= max(0, budget)
    assert length(seen) == length(known) + grown
    assert merge([*seen, *known]) == seen
    assert merge(seen) == seen
    if budget >= length(merge([*known, *reported])) - length(known):
        assert seen == merge([*known, *reported])


@given(st.lists(st.lists(st.floats(0, 86_400), min_size=2, max_size=2).map(sorted), max_size=40))
def test_cleaned_parts_are_merged_and_within_the_video(reported):
    parts = clean_intervals(reported, duration=60)

    assert merge(parts) == parts
    assert all(0 <= start < stop <= 60_000 for start, stop in parts)
    assert length(parts) <= 60_000


@given(
    st.lists(
        st.tuples(st.integers(0, 20_000), st.integers(0, 3), pieces.filter(len), st.booleans()),
        max_size=12,
    )
)
def test_credit_never_passes_the_wall_clock(steps):
    """The same arithmetic as `report_watch`, without a database: any sessions, any reports."""
    now, spent_until, began, seen, credited = 0, -(10**9), {}, [], 0
    for wait, session, reported, has_token in steps:
        now += wait
        start = began.setdefault(session, 0 if has_token else now)
        base = max(spent_until, start)
        seen, grown = add_seen(seen, merge(reported), budget=now + 2_000 - base)
        credited += grown
        spent_until = base + grown if grown else spent_until

        assert credited <= now + 2_000

    assert timedelta(seconds=2) == GRACE
    assert GAP < 1_000
