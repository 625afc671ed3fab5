"""What a member may take along, and what is left of them when they go: over all features."""

from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.test import override_settings
from django.utils import timezone
from wagtail.log_actions import log

from badges.models import BadgeAward, Transfer
from badges.services.adjusting import adjust
from badges.services.revoking import revoke_badge
from badges.services.verification import verify
from community.models import Comment, Idea, Report
from community.services.answers import answer_idea
from community.services.comments import post_comment, withdraw_comment
from community.services.ideas import post_idea, withdraw_idea
from community.services.moderation import hide_thing, object_to, report_thing
from community.services.votes import toggle_vote
from events.models import Contest, Entry, EntryVote, Occasion, Registration
from events.services.challenges import join_challenge
from events.services.contests import (
    approve_entry,
    close_contest,
    enter_contest,
    refuse_entry,
    vote_for_entry,
)
from events.services.registrations import register_for_event
from knowledgebase.models import Feedback, SurveyAnswer, SurveyResponse
from portal.accounts.models import ExternalIdentity, Member
from portal.accounts.registry import exporters
from portal.accounts.services.closing import close_account
from portal.accounts.services.members import set_role
from portal.accounts.services.profiles import change_handle
from portal.notifications.models import Delivery, Notice, Preference
from portal.notifications.services import notify, set_preference
from tests.factories.community import IdeaFactory
from tests.factories.events import make_challenge, make_contest, make_event, picture
from tests.factories.members import MemberFactory
from tests.factories.programs import badge, publish_program, rule

MARK = "zqxwvk"


@pytest.fixture
def site(first_pages, commits, tmp_path):
    with override_settings(MEDIA_ROOT=tmp_path):
        publish_program(
            rules=[rule("idea", amount=10), rule("vote", verb="community.vote_cast", amount=1)],
            badges=[badge("first", {"count": {"verb": "community.idea_posted"}, "at_least": 1})],
        )
        yield tmp_path


@pytest.fixture
def staff(site):
    member = MemberFactory()
    set_role(member=member, role="administrator")
    return Member.objects.get(pk=member.pk)


@pytest.fixture
def leaver(site):
    """A member whose every word bears the mark."""
    member = MemberFactory(
        handle=MARK,
        name=f"Ada {MARK}",
        bio=f"I am {MARK}.",
        city=MARK,
        interests=[MARK],
    )
    change_handle(member=member, handle=f"{MARK}-2")
    return Member.objects.get(pk=member.pk)


def tables_with(mark):
    """Every table and column of the database that holds `mark` in any form of text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            columns = connection.introspection.get_table_description(cursor, table)
            for column in (one.name for one in columns):
                name = f"{connection.ops.quote_name(table)}.{connection.ops.quote_name(column)}"
                cursor.execute(
                    f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}"
                    f" WHERE LOWER(CAST({name} AS text)) LIKE %s",
                    [f"%{mark}%"],
                )
                if cursor.fetchone()[0]:
                    found.append(f"{table}.{column}")
    return sorted(found)


def live_in_the_community(member, staff):
    """Ideas and comments in every state, a report, an objection, a vote."""
    shown = post_idea(author=member, title=f"Shown {MARK}", body=f"Body {MARK}")
    answer_idea(idea=shown, by=staff, status="planned", response="We will.")
    post_comment(idea=shown, author=staff, body="Thank you.")
    withdrawn = post_idea(author=member, title=f"Gone {MARK}", body=MARK)
    withdraw_idea(idea=withdrawn, member=member)
    hidden = post_idea(author=member, title=f"Hidden {MARK}", body=MARK)
    action = hide_thing(thing=hidden, moderator=staff, reason="Spam.")
    object_to(action=action, member=member, text=f"No, {MARK}.")
    other = IdeaFactory()
    post_comment(idea=other, author=member, body=f"Said {MARK}")
    back = post_comment(idea=other, author=member, body=f"Taken {MARK}")
    withdraw_comment(comment=back, member=member)
    report_thing(thing=other, member=member, reason="other", text=f"About {MARK}")
    toggle_vote(idea=other, member=member)
    return shown, other


def live_in_events(member, staff):
    """A seat to come, a challenge, an entry in each state, a vote."""
    register_for_event(occasion=make_event("Walk", capacity=5), member=member)
    join_challenge(challenge=make_challenge(), member=member)
    entries = []
    for title, is_refused in (("Shore", False), ("Fog", True), ("Ridge", None)):
        contest = make_contest(title, minimum_age=18)
        entry = enter_contest(
            contest=contest,
            member=member,
            title=f"{title} {MARK}",
            text=f"Seen by {MARK}",
            picture=picture(),
            is_old_enough=True,
        )
        if is_refused is False:
            approve_entry(entry=entry, staff=staff)
        elif is_refused:
            refuse_entry(entry=entry, staff=staff, reason=f"Not {MARK} again")
        entries.append(entry)
    return entries


def live_elsewhere(member, staff):
    Feedback.objects.create(page_key=member_key(), member=member, is_helpful=False, missing=MARK)
    response = SurveyResponse.objects.create(survey_key=member_key(), member=member, language="en")
    SurveyAnswer.objects.create(response=response, question="why", text=f"Because {MARK}")
    set_preference(member=member, category="events", channel="email", is_wanted=False)
    revoke_badge(award=BadgeAward.objects.get(owner_id=member.pk), reason=f"{MARK} cheated")
    Delivery.objects.filter(recipient=member).update(error=f"Refused: {member.email}")
    Authenticator.objects.create(user=member, type="totp", data={"secret": MARK})
    UserSession.objects.create(
        user=member, session_key="k", ip="127.0.0.1", user_agent=MARK, last_seen_at=timezone.now()
    )
    ExternalIdentity.objects.create(source="crm", external_id=MARK, member=member)
    log(instance=member, action="wagtail.edit", user=staff, data={"name": member.name})
    notes = dict.fromkeys(("en", "tr"), f"For {MARK}")
    said = {"currency": "points", "reason": "goodwill", "notes": notes}
    adjust(member=member, amount=5, by=staff, key=uuid4(), **said)


def member_key():
    return "11111111-2222-3333-4444-555555555555"


def test_export_holds_what_each_feature_keeps(leaver, staff):
    live_in_the_community(leaver, staff)
    live_in_events(leaver, staff)
    live_elsewhere(leaver, staff)

    taken = {name: export(leaver) for name, export in exporters().items()}

    assert sorted(taken) == [
        "account",
        "activities",
        "adjustments",
        "community",
        "credentials",
        "events",
        "knowledge",
        "notifications",
        "programme",
        "rewards",
        "rings",
        "traces",
    ]
    assert [row["note"] for row in taken["adjustments"]] == [f"For {MARK}"]
    assert taken["account"]["known_elsewhere"] == [{"source": "crm", "external_id": MARK}]
    community, events, programme = taken["community"], taken["events"], taken["programme"]
    assert {name: len(rows) for name, rows in community.items()} == {
        "ideas": 3,
        "comments": 2,
        "votes": 1,
        "reports": 1,
        "decisions_about_me": 1,
        "official_answers": 0,
    }
    assert community["decisions_about_me"][0]["objection"] == f"No, {MARK}."
    assert {name: len(rows) for name, rows in events.items()} == {
        "registrations": 1,
        "challenges": 1,
        "entries": 3,
        "votes": 0,
    }
    assert [row["text"] for row in events["entries"]] == [f"Seen by {MARK}"] * 3
    lines = [line for line in programme["ledger"] if line["kind"] == "award"]
    assert [line["amount"] for line in reversed(lines)] == [10, 10, 10, 1]
    assert lines[0]["reason"] == "Voted for an idea"
    assert [row["revoked_reason"] for row in programme["badges"]] == [f"{MARK} cheated"]
    told = {row["kind"]: row["title"] for row in taken["notifications"]["notices"]}
    assert told["badges.revoked"] == "Your badge “first” was taken back"
    assert taken["notifications"]["preferences"] == [
        {"category": "events", "channel": "email", "is_wanted": False}
    ]
    assert (
        len(taken["notifications"]["deliveries"])
        == Delivery.objects.filter(recipient=leaver).count()
    )


def test_ledger_export_holds_every_page(leaver, staff):
    for number in range(35):
        post_idea(author=leaver, title=f"Idea {number}")

    lines = exporters()["programme"](leaver)["ledger"]

    assert len(lines) == Transfer.objects.of(leaver).count() == 35


def test_closing_leaves_no_word_of_the_member_in_any_table(leaver, staff, site):
    shown, other = live_in_the_community(leaver, staff)
    live_in_events(leaver, staff)
    live_elsewhere(leaver, staff)
    assert len(tables_with(MARK)) > 20
    sums = (Transfer.objects.count(), leaver.activities.count())

    close_account(member=leaver)

    assert tables_with(MARK) == []
    assert verify() == []
    assert Transfer.objects.count() >= sums[0]
    assert list((site / "entries").iterdir()) == []
    other.refresh_from_db()
    assert (other.comment_count, other.score) == (0, 1)
    assert not Idea.objects.listed().filter(pk=shown.pk).exists()


def test_emptied_words_take_nothing_back(leaver, staff):
    live_in_the_community(leaver, staff)
    before = leaver.activities.count()

    close_account(member=leaver)

    assert leaver.activities.count() == before


def test_words_left_to_others_stand_under_no_name(leaver, staff, client):
    shown, _other = live_in_the_community(leaver, staff)
    entry, *_rest = live_in_events(leaver, staff)

    close_account(member=leaver, leaves_words=True)

    page = client.get(Idea.objects.get(pk=shown.pk).get_absolute_url()).content.decode()
    assert f"Shown {MARK}" in page
    assert "A member who left" in page
    assert f"/members/gone-{leaver.pk}/" not in page
    assert sorted(Idea.objects.filter(author=leaver).values_list("title", flat=True)) == sorted(
        [f"Shown {MARK}", "–", "–"]
    )
    assert sorted(Comment.objects.filter(author=leaver).values_list("body", flat=True)) == sorted(
        [f"Said {MARK}", ""]
    )
    assert list(Entry.objects.filter(member=leaver)) == [entry]
    assert Report.objects.get().text == ""
    assert tables_with("ada zqxwvk") == []


def test_closing_gives_back_seats_to_come(leaver):
    event = make_event("Walk", capacity=1)
    past = make_event("Old walk", capacity=1)
    for occasion in (event, past):
        register_for_event(occasion=occasion, member=leaver)
    long_ago = timezone.now() - timedelta(days=3)
    Occasion.objects.filter(pk=past.pk).update(
        starts_at=long_ago, ends_at=long_ago + timedelta(hours=1)
    )

    close_account(member=leaver)

    seats = Occasion.objects.order_by("starts_at").values_list("seats_taken", flat=True)
    assert list(seats) == [1, 0]
    assert Registration.objects.standing().get().occasion_id == past.pk


def test_entry_of_a_decided_contest_goes_but_its_prize_stays(leaver, staff):
    contest = make_contest()
    entry = enter_contest(contest=contest, member=leaver, title="Fog", picture=picture())
    approve_entry(entry=entry, staff=staff)
    now = timezone.now()
    rows = Contest.objects.filter(pk=contest.pk)
    rows.update(entries_open_at=now - timedelta(days=9), voting_opens_at=now - timedelta(hours=1))
    vote_for_entry(entry=Entry.objects.get(), member=staff)
    rows.update(ends_at=now)
    close_contest(contest=rows.get())
    won = leaver.activities.count()

    close_account(member=leaver)

    assert (Entry.objects.count(), EntryVote.objects.count()) == (0, 0)
    assert leaver.activities.count() == won


def test_who_left_is_told_nothing_more(leaver):
    close_account(member=leaver)

    assert notify(recipient=Member.objects.get(pk=leaver.pk), kind="events.registered") is None
    assert not Notice.objects.filter(recipient=leaver).exists()
    assert not Preference.objects.filter(member=leaver).exists()


@pytest.mark.parametrize("leaves", [True, False])
def test_closing_page_asks_about_public_words(leaver, staff, client, leaves):
    idea = post_idea(author=leaver, title="Bike racks")
    leaver.set_password("a calm square")
    leaver.save()
    client.force_login(leaver)
    answer = {"proof": "a calm square"} | ({"leaves_words": "on"} if leaves else {})

    client.post("/settings/close/", answer)

    assert Idea.objects.listed().filter(pk=idea.pk).exists() == leaves
