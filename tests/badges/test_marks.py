"""Marks make ranks quick and never change one: ranks equal a recount, whatever was counted when."""

import random
from itertools import pairwise

import pytest
from django.utils import timezone

from badges.models import BoardMark, ListingChange, PeriodTotal
from badges.models.boards import EVER
from badges.services import marks
from badges.services.boards import around
from badges.services.marks import count_moved, keep_marks, settle_listings
from badges.services.ranks import rank_of, ranks_of
from badges.services.rebuilding import rebuild
from badges.services.recounting import CHECKS
from portal.accounts.models import Member
from portal.accounts.services.closing import close_account
from portal.accounts.services.members import save_privacy
from portal.accounts.services.staff import change_member
from portal.activity.services import record
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.races import race

BOARD = {"period": EVER}


@pytest.fixture
def small(monkeypatch):
    """Marks for boards of a few dozen."""
    monkeypatch.setattr(marks, "STEP", 4)
    monkeypatch.setattr(marks, "MOVED", 3)
    monkeypatch.setattr(marks, "CHUNK", 7)


def people(count):
    stem = Member.objects.count()
    rows = [Member(handle=f"p-{stem}-{n}", email=f"{stem}-{n}@example.com") for n in range(count)]
    return Member.objects.bulk_create(rows)


def put(member, total):
    PeriodTotal.objects.update_or_create(
        **BOARD,
        currency="experience",
        owner_type="member",
        owner_id=member.pk,
        defaults={"total": total, "reached_at": timezone.now()},
    )


def recounted():
    """(member, rank) of everybody on the board, by looking at each."""
    listed = Member.objects.listed().values("pk")
    rows = PeriodTotal.objects.filter(**BOARD, owner_id__in=listed, total__gt=0)
    totals = dict(rows.values_list("owner_id", "total"))
    return {
        owner: 1 + sum(other > total for other in totals.values())
        for owner, total in totals.items()
    }


def told():
    ranks = {member.pk: rank_of(member=member, **BOARD) for member in Member.objects.all()}
    return {owner: rank for owner, rank in ranks.items() if rank}


def marks_of():
    return list(BoardMark.objects.order_by("total").values_list("total", "above"))


@pytest.mark.parametrize("seed", range(6))
def test_ranks_equal_a_recount_after_any_mix_of_changes(small, db, seed):
    chance = random.Random(seed)
    crowd = people(40)
    for _step in range(60):
        member = chance.choice(crowd)
        deed = chance.randrange(8)
        if deed == 0:
            save_privacy(member=member, is_listed=chance.random() < 0.5)
        elif deed == 1:
            keep_marks()
        elif deed == 2:
            count_moved(**BOARD, limit=5)
        elif deed == 3:
            settle_listings()
        else:
            put(member, chance.choice([0, 10, 10, 10, 15, chance.randrange(10_000)]))
        if _step % 6 == 0:
            assert told() == recounted()

    keep_marks()
    assert told() == recounted()
    assert list(differences_of_marks()) == []


def differences_of_marks():
    return [message for check in CHECKS for _invariant, message in check() if "board" in message]


def test_many_who_share_a_total_stand_between_two_marks(small, db):
    for member, total in zip(people(30), [5] * 3 + [10] * 20 + [12] * 7, strict=True):
        put(member, total)

    keep_marks()

    assert not PeriodTotal.objects.filter(is_moved=True).exists()
    assert (9, 27) in marks_of()
    assert (10, 7) in marks_of()
    assert ranks_of(totals=[12, 10, 5, 1], **BOARD) == {12: 1, 10: 8, 5: 28, 1: 31}


def test_between_two_marks_stand_few_unless_they_share_a_total(small, db):
    for number, member in enumerate(people(60)):
        put(member, number * 37 % 50 + 1)

    keep_marks()

    kept = [*marks_of(), (10_000, 0)]
    gaps = [low[1] - high[1] for low, high in pairwise(kept)]
    assert max(gaps) <= 2 * marks.STEP


def test_marks_that_help_nobody_are_dropped(small, db):
    crowd = people(40)
    for total_of in (lambda n: n + 1, lambda n: n + 10_001):
        for number, member in enumerate(crowd):
            put(member, total_of(number))
        keep_marks()

    assert [total for total, _above in marks_of() if 0 < total < 10_000] == []
    assert told() == recounted()


def test_a_small_board_has_no_marks(db):
    for member in people(3):
        put(member, 5)

    keep_marks()

    assert not BoardMark.objects.exists()
    assert list(told().values()) == [1, 1, 1]


def leave_by_choice(member):
    save_privacy(member=member, is_listed=False)


def leave_for_good(member):
    close_account(member=member)


def leave_by_staff(member):
    change_member(
        actor=MemberFactory(is_superuser=True, is_staff=True),
        member=member,
        name=member.name,
        email=member.email,
        handle=member.handle,
        is_active=False,
    )


@pytest.mark.parametrize("leave", [leave_by_choice, leave_for_good, leave_by_staff])
def test_who_leaves_the_lists_moves_nobody_down_from_that_moment(small, db, leave):
    first, *others = people(20)
    for number, member in enumerate([first, *others]):
        put(member, 100 - number)
    keep_marks()

    leave(first)

    assert ListingChange.objects.count() == 1
    assert told() == recounted()
    assert rank_of(member=others[0], **BOARD) == 1
    assert around(member=first, **BOARD) == []
    keep_marks()
    assert ListingChange.objects.count() == 0
    assert told() == recounted()
    assert differences_of_marks() == []


@pytest.mark.parametrize("between", [0, 60])
def test_who_left_while_a_total_was_moved_does_not_count_when_it_moves_back(small, db, between):
    first, other = people(2)
    put(first, 50)
    put(other, 20)
    count_moved(**BOARD)
    put(first, between)
    leave_by_choice(first)
    settle_listings()

    put(first, 50)

    assert rank_of(member=other, **BOARD) == 1
    assert told() == recounted()
    assert differences_of_marks() == []


def test_who_comes_back_to_the_lists_counts_again(small, db):
    first, *others = people(20)
    for number, member in enumerate([first, *others]):
        put(member, 100 - number)
    leave_by_choice(first)
    keep_marks()

    save_privacy(member=first, is_listed=True)

    assert rank_of(member=others[0], **BOARD) == 2
    keep_marks()
    assert rank_of(member=others[0], **BOARD) == 2
    assert differences_of_marks() == []


@pytest.mark.parametrize("count", [1, 30])
def test_rank_takes_two_statements_on_any_board(small, db, count, django_assert_num_queries):
    crowd = people(count)
    for number, member in enumerate(crowd):
        put(member, number + 1)
    keep_marks()

    with django_assert_num_queries(2):
        assert rank_of(member=crowd[0], **BOARD) == count
    with django_assert_num_queries(3):
        assert around(member=crowd[0], **BOARD)[-1].rank == count


def test_changed_marks_and_counted_rows_are_found(small, db):
    for number, member in enumerate(people(20)):
        put(member, number + 1)
    keep_marks()
    assert differences_of_marks() == []

    BoardMark.objects.filter(total=0).update(above=3)
    Member.objects.filter(handle__endswith="-7").update(is_listed=False)

    assert len(differences_of_marks()) == 2


def test_rebuilding_begins_the_marks_anew(small, member, commits):
    publish_rule(verb="import.done", currency="experience")
    record(member=member, verb="import.done")
    count_moved(**BOARD)

    rebuild()

    assert not BoardMark.objects.exists()
    assert rank_of(member=member, **BOARD) == 1


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_awards_leaving_and_counting_at_once_leave_exact_ranks(small):
    publish_rule(verb="import.done", award={"currency": "experience", "per_value": 1})
    crowd = [MemberFactory() for _ in range(12)]
    runs = [
        lambda member=member, n=n: record(
            member=member, verb="import.done", value=n % 7 + 1, key=f"{member.pk}-{n}"
        )
        for n in range(2)
        for member in crowd
    ]
    runs += [lambda member=member: leave_by_choice(member) for member in crowd[::4]]
    runs += [lambda: count_moved(**BOARD), settle_listings, keep_marks] * 3

    assert race(runs) == []

    assert told() == recounted()
    assert differences_of_marks() == []
    keep_marks()
    assert told() == recounted()
    assert differences_of_marks() == []


@pytest.mark.parametrize("seed", range(3))
def test_neighbours_are_those_of_the_whole_order_with_their_ranks(small, db, seed):
    chance = random.Random(seed)
    crowd = people(30)
    for member in crowd:
        put(member, chance.choice([5, 5, 5, 8, chance.randrange(1, 40)]))
    keep_marks()
    for member in chance.sample(crowd, 12):
        leave_by_choice(member)

    listed = Member.objects.listed().values("pk")
    rows = PeriodTotal.objects.filter(**BOARD, owner_id__in=listed)
    order = list(
        rows.order_by("-total", "reached_at", "owner_id").values_list("owner_id", flat=True)
    )
    ranks = recounted()
    for place, owner in enumerate(order):
        window = order[max(0, place - 2) : place + 3]
        shown = around(member=Member(pk=owner), **BOARD)
        assert [(row.face.pk, row.rank) for row in shown] == [(one, ranks[one]) for one in window]
