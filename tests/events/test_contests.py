from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from badges.services.books import balance
from events.models import Contest, Entry, EntryVote
from events.services.contests import (
    approve_entry,
    close_contest,
    enter_contest,
    refuse_entry,
    vote_for_entry,
    withdraw_entry,
)
from events.tasks import close_due_contests
from tests.factories.events import make_contest, make_contest_page, picture
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.factories.staff import staff_with

pytestmark = pytest.mark.usefixtures("event_places")

DAY = timedelta(days=1)


@pytest.fixture
def judge(commits):
    return staff_with("events.judge_contest")


def enter(contest, member, **fields):
    fields = {"title": "Fog", "picture": picture(), **fields}
    return enter_contest(contest=contest, member=member, **fields)


def approved(contest, member, judge, **fields):
    entry = enter(contest, member, **fields)
    approve_entry(entry=entry, staff=judge)
    entry.refresh_from_db()
    return entry


def open_voting(contest):
    now = timezone.now()
    Contest.objects.filter(pk=contest.pk).update(
        entries_open_at=now - 2 * DAY, voting_opens_at=now - DAY, ends_at=now + DAY
    )


def end(contest):
    now = timezone.now()
    Contest.objects.filter(pk=contest.pk).update(
        entries_open_at=now - 3 * DAY, voting_opens_at=now - 2 * DAY, ends_at=now - DAY
    )
    contest.refresh_from_db()


def test_entry_waits_bounded_and_without_metadata_and_earns_nothing(member):
    publish_rule(verb="events.contest_entered", amount=10)
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    upload = picture((3000, 1500), exif=exif)

    entry = enter(make_contest(), member, picture=upload, text="**Fog** <script>", title=" A  b ")

    with entry.picture.open() as file:
        image = Image.open(BytesIO(file.read()))
    assert (entry.title, entry.state) == ("A b", "waiting")
    assert (image.format, image.size, dict(image.getexif())) == ("WEBP", (1600, 800), {})
    assert "<script>" not in entry.text_html
    assert "photo" not in entry.picture.name
    assert (member.activities.count(), balance(member=member, currency="points")) == (0, 0)


def test_approving_records_the_entry_once_and_tells_the_author(member, judge):
    publish_rule(verb="events.contest_entered", amount=10)
    entry = enter(make_contest(), member)

    assert approve_entry(entry=entry, staff=judge) is True
    assert approve_entry(entry=entry, staff=judge) is False

    assert balance(member=member, currency="points") == 10
    notice = member.notices.get(kind="events.entry_judged")
    assert notice.payload["state"] == "approved"


def test_refusing_later_takes_back_points_and_votes_and_tells_the_reason(member, judge):
    publish_rule(verb="events.contest_entered", amount=10)
    contest = make_contest()
    entry = approved(contest, member, judge)
    open_voting(contest)
    vote_for_entry(entry=entry, member=MemberFactory())

    assert refuse_entry(entry=entry, staff=judge, reason="Not your own picture") is True
    assert refuse_entry(entry=entry, staff=judge, reason="Again") is False

    entry.refresh_from_db()
    assert (entry.state, entry.reason) == ("refused", "Not your own picture")
    assert (balance(member=member, currency="points"), EntryVote.objects.count()) == (0, 0)
    assert member.notices.filter(kind="events.entry_judged").count() == 2


def test_refused_entry_can_be_sent_again_but_an_approved_one_stays(member, judge):
    contest = make_contest()
    entry = enter(contest, member)
    refuse_entry(entry=entry, staff=judge, reason="Too dark")

    again = enter(contest, member, title="Brighter")
    assert (again.pk, again.state, again.reason) == (entry.pk, "waiting", "")
    approve_entry(entry=again, staff=judge)
    with pytest.raises(ValidationError, match="already in the contest"):
        enter(contest, member)

    assert Entry.objects.count() == 1


def test_refusing_needs_a_reason_and_judging_a_permission(member, judge):
    entry = enter(make_contest(), member)

    with pytest.raises(ValidationError, match="Say why"):
        refuse_entry(entry=entry, staff=judge, reason="  ")
    with pytest.raises(PermissionDenied):
        refuse_entry(entry=entry, staff=member, reason="No")
    with pytest.raises(PermissionDenied):
        approve_entry(entry=entry, staff=member)


@pytest.mark.parametrize(
    ("phase", "words"),
    [("before", "not open yet"), ("voting", "closed"), ("over", "closed")],
)
def test_entries_are_refused_outside_their_time(member, phase, words):
    with pytest.raises(ValidationError, match=words):
        enter(make_contest(phase=phase), member)


def test_age_is_asked_for_and_only_the_confirmation_is_kept(member):
    contest = make_contest(minimum_age=16)

    with pytest.raises(ValidationError, match="at least 16"):
        enter(contest, member)
    entry = enter(contest, member, is_old_enough=True)

    assert entry.age_confirmed_at == entry.entered_at


def test_entry_of_a_closed_account_or_without_title_is_refused(member):
    contest = make_contest()
    with pytest.raises(ValidationError, match="title"):
        enter(contest, member, title=" ")
    member.closed_at = timezone.now()
    with pytest.raises(PermissionDenied):
        enter(contest, member)


def upload(content):
    return SimpleUploadedFile("a.jpg", content)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: upload(b"not a picture"), "cannot read"),
        (lambda: upload(b""), "cannot read"),
        (lambda: upload(picture().read()[:200]), "cannot read"),
        (lambda: upload(b"0" * (10 * 1024 * 1024 + 1)), "larger than 10 MB"),
        (lambda: picture((100, 800)), "too small"),
        (lambda: picture((9000, 5000), form="PNG"), "too many pixels"),
    ],
)
def test_bad_pictures_are_refused_in_words(member, make, words):
    with pytest.raises(ValidationError, match=words):
        enter(make_contest(), member, picture=make())

    assert Entry.objects.count() == 0


def test_vote_moves_and_is_taken_back(member, judge):
    contest = make_contest()
    one = approved(contest, MemberFactory(), judge)
    two = approved(contest, MemberFactory(), judge)
    open_voting(contest)

    assert vote_for_entry(entry=one, member=member) is True
    assert vote_for_entry(entry=two, member=member) is True
    assert EntryVote.objects.get().entry == two
    assert vote_for_entry(entry=two, member=member) is False

    assert EntryVote.objects.count() == 0


def test_vote_is_refused_outside_its_time_for_oneself_and_for_what_is_not_shown(member, judge):
    contest = make_contest()
    own = approved(contest, member, judge)
    other = enter(contest, MemberFactory())
    voter = MemberFactory()

    with pytest.raises(ValidationError, match="not open"):
        vote_for_entry(entry=own, member=voter)
    open_voting(contest)
    with pytest.raises(ValidationError, match="your own"):
        vote_for_entry(entry=own, member=member)
    with pytest.raises(ValidationError, match="not in the contest"):
        vote_for_entry(entry=other, member=voter)
    voter.closed_at = timezone.now()
    with pytest.raises(PermissionDenied):
        vote_for_entry(entry=own, member=voter)


def test_database_allows_one_vote_a_member(member, judge):
    contest = make_contest()
    entry = approved(contest, MemberFactory(), judge)
    open_voting(contest)
    vote_for_entry(entry=entry, member=member)

    with pytest.raises(IntegrityError), transaction.atomic():
        EntryVote.objects.create(contest=contest, entry=entry, member=member)


def test_closing_publishes_the_counts_and_the_earlier_entry_wins_a_tie(member, judge):
    publish_rule(verb="events.contest_won", amount=500)
    contest = make_contest()
    first = approved(contest, member, judge)
    second = approved(contest, MemberFactory(), judge)
    third = approved(contest, MemberFactory(), judge)
    open_voting(contest)
    for entry in (first, first, second, second, third):
        vote_for_entry(entry=entry, member=MemberFactory())
    end(contest)

    close_due_contests.enqueue()
    assert close_contest(contest=contest, staff=judge) == first

    counts = Entry.objects.order_by("pk").values_list("vote_count", "is_winner")
    assert list(counts) == [(2, True), (2, False), (1, False)]
    assert balance(member=member, currency="points") == 500
    assert second.member.notices.get(kind="events.contest_result").payload["has_won"] is False
    assert [e.pk for e in Entry.objects.for_wall(contest)] == [first.pk, second.pk, third.pk]


def test_contest_without_votes_has_no_winner(member, judge):
    contest = make_contest()
    approved(contest, member, judge)
    end(contest)

    assert close_contest(contest=contest) is None

    contest.refresh_from_db()
    assert contest.phase() == "closed"
    with pytest.raises(ValidationError, match="decided"):
        refuse_entry(entry=Entry.objects.get(), staff=judge, reason="Late")


def test_contest_is_not_closed_before_its_end_nor_by_others(member):
    contest = make_contest()

    with pytest.raises(ValidationError, match="not ended"):
        close_contest(contest=contest)
    with pytest.raises(PermissionDenied):
        close_contest(contest=contest, staff=member)


def test_own_entry_can_be_withdrawn_while_entries_are_open(member, judge):
    publish_rule(verb="events.contest_entered", amount=10)
    contest = make_contest()
    entry = approved(contest, member, judge)

    with pytest.raises(PermissionDenied):
        withdraw_entry(entry=entry, member=judge)
    withdraw_entry(entry=entry, member=member)

    assert (Entry.objects.count(), balance(member=member, currency="points")) == (0, 0)


def test_entry_stays_once_voting_has_begun(member, judge):
    contest = make_contest()
    entry = approved(contest, member, judge)
    open_voting(contest)
    entry = Entry.objects.get()

    with pytest.raises(ValidationError, match="Voting has begun"):
        withdraw_entry(entry=entry, member=member)


def test_decided_contest_keeps_the_dates_by_which_it_was_decided(commits):
    page = make_contest_page(phase="over")
    contest = Contest.objects.get()
    close_contest(contest=contest)

    page.ends_at = timezone.now() + DAY
    page.save_revision().publish()
    page.unpublish()

    decided = Contest.objects.get()
    assert (decided.ends_at, decided.is_open) == (contest.ends_at, False)
