"""Rings: told from honest crowds by rules, found in the portal's own rows, shown with evidence."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from badges.models import Ring
from badges.services.rings.detecting import suspicions
from badges.services.rings.evidence import Endorsement, Scene, Trace
from badges.services.rings.finding import clear_ring, find_rings
from badges.views.program.rings import SENTENCES, evidence_text
from community.services.ideas import post_idea
from community.services.votes import cast_vote
from portal.accounts.models import Member
from portal.accounts.registry import erasers, exporters
from portal.accounts.services.traces import leave_traces
from tests.badges.crowds import START, Crowd, verdict_of
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule
from tests.factories.staff import staff_with

LIST = "/cms/programme/rings/"


def at(minutes=0):
    return START + timedelta(minutes=minutes)


def votes(givers, receiver, things=3, *, apart=120, begin=0):
    """Each giver endorses so many things of the receiver, hours apart from the others."""
    return [
        Endorsement(one, receiver, f"idea:{receiver}-{n}", at(begin + apart * (i * things + n)))
        for i, one in enumerate(givers)
        for n in range(things)
        if one != receiver
    ]


def long_ago(*members):
    return {one: START - timedelta(days=40 * n + 40) for n, one in enumerate(members)}


# The rules, each at its edge -----------------------------------------------------------------


def test_one_browser_and_one_target_is_one_hand():
    traces = [Trace(one, "device", "a") for one in (1, 2, 3)]

    (one,) = suspicions(Scene(votes([1, 2, 3], 9), traces, long_ago(1, 2, 3, 9)))

    assert one.members == {1, 2, 3}
    assert [(line.kind, line.members, line.times) for line in one.evidence] == [("device", 3, 9)]


@pytest.mark.parametrize("traces", [[], [Trace(n, "address", "a") for n in range(1, 40)]])
def test_old_members_with_one_favourite_and_nothing_in_common_are_honest(traces):
    """Nor does an address tell anything that a whole office shares."""
    assert suspicions(Scene(votes([1, 2, 3], 9), traces, long_ago(1, 2, 3, 9))) == []


def test_family_that_votes_once_for_one_of_theirs_is_honest():
    home = [Trace(one, "address", "a") for one in (1, 2, 3, 4)]
    kind = votes([2, 3, 4], 1, 1)
    others = [v for n in (2, 3, 4) for v in votes([n], 50 + n, 1)]

    assert suspicions(Scene([*kind, *others], home, long_ago(1, 2, 3, 4))) == []


def test_members_who_give_to_one_another_alone_are_a_ring():
    each = [v for one in (1, 2, 3, 4) for v in votes([1, 2, 3, 4], one, 1, begin=one * 9_000)]

    (one,) = suspicions(Scene(each, [], long_ago(1, 2, 3, 4)))

    assert one.members == {1, 2, 3, 4}
    assert [(line.kind, line.times) for line in one.evidence] == [("mutual", 6)]


def test_friends_who_give_to_others_as_well_are_honest():
    each = [v for one in (1, 2, 3, 4) for v in votes([1, 2, 3, 4], one, 1, begin=one * 9_000)]
    others = [v for n in range(20, 24) for v in votes([1, 2, 3, 4], n, 1, begin=n * 9_000)]

    assert suspicions(Scene([*each, *others], [], long_ago(1, 2, 3, 4))) == []


def test_fresh_accounts_for_one_target_are_a_ring_and_its_target_in_it():
    joined = {n: at(n * 60) for n in (1, 2, 3, 4)} | long_ago(9)

    (one,) = suspicions(Scene(votes([1, 2, 3, 4], 9), [], joined))

    assert one.members == {1, 2, 3, 4, 9}
    assert [(line.kind, line.members, line.times) for line in one.evidence] == [
        ("target", 4, 12),
        ("joined", 4, 0),
    ]


def test_newcomers_whom_a_link_brought_to_one_idea_are_honest():
    joined = {n: at(n) for n in range(1, 30)}

    assert suspicions(Scene(votes(range(1, 30), 99, 1, apart=5), [], joined)) == []


def test_acting_within_the_same_minute_on_three_things_is_a_script():
    script = [
        Endorsement(one, 50 + n, f"idea:{n}", at(n * 900) + timedelta(seconds=9 * one))
        for n in range(3)
        for one in (1, 2, 3)
    ]

    (one,) = suspicions(Scene(script, [], long_ago(1, 2, 3)))

    assert one.members == {1, 2, 3}
    assert one.evidence[0].kind == "minutes"
    assert suspicions(Scene(script[:6], [], long_ago(1, 2, 3))) == []


def test_crowd_that_a_letter_sent_within_minutes_is_honest():
    crowd = [
        Endorsement(one, 50 + n, f"idea:{n}", at(n * 900) + timedelta(seconds=one / 4))
        for n in range(3)
        for one in range(1, 200)
    ]

    assert [len(one.members) for one in suspicions(Scene(crowd, [], {}))] == []


def test_what_members_give_themselves_says_nothing():
    own = [Endorsement(1, 1, f"idea:{n}", at(n)) for n in range(9)]

    assert suspicions(Scene(own, [Trace(1, "device", "a")], {})) == []


# Twenty rings among ten thousand: `make drill` takes the whole -----------------------------


@pytest.mark.parametrize("seed", range(3))
def test_planted_rings_are_told_from_honest_crowds(seed):
    verdict = verdict_of(Crowd(1_500, 12, seed))

    assert verdict.recall >= 0.9
    assert verdict.precision >= 0.8


def test_crowd_without_rings_shows_none():
    assert verdict_of(Crowd(1_500, 0, 5)).found == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(st.integers(1, 9), st.integers(1, 9), st.integers(0, 3), st.integers(0, 900)),
        max_size=60,
    )
)
def test_whatever_happened_is_told_in_groups_that_do_not_repeat(rows):
    acts = [Endorsement(a, b, f"idea:{b}-{n}", at(m)) for a, b, n, m in rows]

    found = suspicions(Scene(acts, [], dict.fromkeys(range(1, 10), START)))

    assert len({one.members for one in found}) == len(found)
    assert all(one.evidence and len(one.members) >= 3 for one in found)


# In the portal ------------------------------------------------------------------------------


@pytest.fixture
def ring(commits):
    """Four fresh accounts of one browser that vote for three ideas of a fifth."""
    publish_rule(verb="community.vote_received", amount=3)
    return plant()


def plant():
    target, *puppets = [MemberFactory() for _n in range(5)]
    for one in puppets:
        leave_traces(member=one, seen={"device": "browser", "address": f"10.0.0.{one.pk}"})
    for number in range(3):
        idea = post_idea(author=target, title=f"Bike racks {number}")
        for one in puppets:
            cast_vote(idea=idea, member=one)
    return [target, *puppets]


@pytest.mark.django_db
def test_search_finds_them_once_with_evidence_and_points(ring):
    assert (find_rings(), find_rings()) == (1, 1)

    found = Ring.objects.get()
    assert set(found.members.all()) == set(ring)
    assert {kind for kind, _n, _t in found.evidence} == {"device", "target", "minutes", "joined"}
    assert found.points == 36
    assert Member.objects.filter(pk__in=[one.pk for one in ring], is_active=True).count() == 5


@pytest.mark.django_db
def test_what_is_gone_is_no_longer_shown_and_what_is_cleared_stays_cleared(ring):
    find_rings()
    manager = staff_with("badges.manage_program")
    found = Ring.objects.get()

    assert (clear_ring(ring=found, by=manager), clear_ring(ring=found, by=manager)) == (True, False)
    find_rings()
    assert Ring.objects.open().count() == 0
    assert Ring.objects.get().cleared_by == manager

    Ring.objects.update(cleared_at=None)
    assert find_rings(now=timezone.now() + timedelta(days=29)) == 0
    assert Ring.objects.count() == 0


@pytest.mark.django_db
def test_only_who_runs_the_programme_says_that_a_group_is_harmless(ring):
    find_rings()

    with pytest.raises(PermissionDenied):
        clear_ring(ring=Ring.objects.get(), by=ring[0])


@pytest.mark.django_db
def test_mailbox_shared_by_several_accounts_is_evidence(commits):
    target, *puppets = [
        MemberFactory(email=f"so.me+{n}@gmail.com" if n else "target@example.com") for n in range(5)
    ]
    for number in range(3):
        idea = post_idea(author=target, title=f"Bike racks {number}")
        for one in puppets:
            cast_vote(idea=idea, member=one)

    find_rings()

    assert ["mailbox", 4, 12] in Ring.objects.get().evidence


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_page_shows_who_and_why_by_the_same_queries(
    client, commits, count, django_assert_num_queries
):
    for _n in range(count):
        plant()
    Ring.objects.all().delete()
    for number in range(count):
        one = Ring.objects.create(fingerprint=str(number), evidence=[["device", 3, 9]], points=7)
        one.members.set(Member.objects.order_by("pk")[number * 5 : number * 5 + 5])
    client.force_login(staff_with("badges.manage_program"))
    client.get(LIST)

    with django_assert_num_queries(QUERIES):
        page = client.get(LIST).content.decode()

    first = Member.objects.order_by("pk")[0]
    assert "3 were seen with the same browser, and gave 9 votes to the same few." in page
    assert "They earned 7 points in four weeks." in page
    assert f'href="/cms/programme/explain/?q={first.handle}"' in page
    assert page.count("This is harmless") == count


# Session, member, permissions, menus of the CMS; then the rings and their members.
QUERIES = 11


@pytest.mark.django_db
def test_overview_leads_to_the_groups_and_a_click_clears_one(client, ring):
    find_rings()
    client.force_login(staff_with("badges.manage_program"))

    (line,) = [
        one for one in client.get("/cms/programme/").context["unusual"] if one["url"] == LIST
    ]
    assert line["text"] == "1 group of members acts as if it were one person."
    client.post(reverse("programme:ring_clear", args=[Ring.objects.get().pk]))

    assert Ring.objects.open().count() == 0
    assert "Nobody looks like that." in client.get(LIST).content.decode()


@pytest.mark.django_db
def test_member_without_the_right_sees_no_ring(client, ring):
    find_rings()
    client.force_login(ring[0])

    assert client.get(LIST).status_code == 302
    assert client.post(reverse("programme:ring_clear", args=[Ring.objects.get().pk])).status_code
    assert Ring.objects.open().count() == 1


@pytest.mark.parametrize("kind", SENTENCES)
@pytest.mark.parametrize("times", [0, 1, 9])
def test_every_kind_of_evidence_is_told_in_both_languages(kind, times):
    said = {}
    for language in ("en", "tr"):
        with translation.override(language):
            said[language] = evidence_text(kind, 4, times)

    assert said["en"] != said["tr"]
    assert "%(" not in said["en"] + said["tr"]


@pytest.mark.django_db
def test_member_reads_it_in_their_export_and_leaves_no_trace(ring):
    find_rings()
    exported = exporters()["rings"](ring[0])
    assert [sorted(row) for row in exported] == [["cleared_at", "evidence", "found_at"]]

    for erase in erasers(with_public=False):
        erase(ring[0])

    assert Ring.objects.count() == 0
