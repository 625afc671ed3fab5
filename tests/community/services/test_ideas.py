import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from badges.services.books import balance
from community.services.answers import answer_idea
from community.services.ideas import bring_back_idea, edit_idea, post_idea, withdraw_idea
from community.services.votes import cast_vote
from tests.factories.community import CategoryFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.staff import manager

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<svg/onload=alert(1)>",
    '"><iframe src=//evil.example>',
    "<a href='data:text/html,<script>1</script>'>x</a>",
    "![x](x onerror=alert(1))",
    "<style>*{display:none}</style>",
    "\0\ud800 nul and half a pair".encode("utf-8", "replace").decode(),
]


def points(member):
    return balance(member=member, currency="points")


@pytest.fixture
def programme():
    return publish_program(
        rules=[
            rule("shared", "community.idea_posted", 10),
            rule("planned", "community.idea_planned", 50),
            rule("done", "community.idea_done", 100),
            rule("received", "community.vote_received", 2),
        ]
    )


def test_posted_idea_keeps_what_lists_show(member):
    board = CategoryFactory()

    idea = post_idea(
        author=member, title="  Bike \n racks ", body="By **the** gate", category=board
    )

    idea.refresh_from_db()
    assert (idea.title, idea.excerpt, idea.category) == ("Bike racks", "By the gate", board)
    assert idea.body_html == "<p>By <strong>the</strong> gate</p>\n"
    assert (idea.language, idea.status, idea.score) == ("en", "open", 0)


def test_posting_the_same_form_twice_makes_one_idea(member):
    token = uuid4()

    first = post_idea(author=member, title="Bike racks", token=token)
    second = post_idea(author=member, title="Bike racks", token=token)

    assert first == second
    assert member.activities.count() == 1


def test_somebody_elses_form_makes_nothing(member):
    token = uuid4()
    post_idea(author=member, title="Bike racks", token=token)

    with pytest.raises(PermissionDenied):
        post_idea(author=MemberFactory(), title="Bike racks", token=token)


def test_other_faults_of_the_database_come_through(member):
    member.language = None

    with pytest.raises(IntegrityError), transaction.atomic():
        post_idea(author=member, title="Bike racks")


def test_visitors_may_not_post(commits):
    with pytest.raises(PermissionDenied):
        post_idea(author=AnonymousUser(), title="Bike racks")


def test_title_must_say_something(member):
    with pytest.raises(ValidationError) as refusal:
        post_idea(author=member, title=" \n ")

    assert refusal.value.message_dict == {"title": ["Give your idea a title."]}


@pytest.mark.parametrize("body", HOSTILE)
def test_hostile_body_is_harmless(member, body):
    html = post_idea(author=member, title="x", body=body).body_html

    tags = set(re.findall(r"<[^>]*>", html))
    assert tags <= {"<p>", "</p>", "<a>", "</a>"}


def test_edited_idea_is_rendered_anew_and_marked(member):
    idea = post_idea(author=member, title="Bike racks", body="By the gate")

    edit_idea(idea=idea, member=member, title="Benches", body="*Everywhere*", category=None)

    idea.refresh_from_db()
    assert (idea.title, idea.excerpt) == ("Benches", "Everywhere")
    assert idea.edited_at is not None


def test_only_the_author_edits_and_withdraws(member):
    idea = IdeaFactory()

    with pytest.raises(PermissionDenied):
        edit_idea(idea=idea, member=member, title="x", body="", category=None)
    with pytest.raises(PermissionDenied):
        withdraw_idea(idea=idea, member=member)
    with pytest.raises(PermissionDenied):
        bring_back_idea(idea=idea, member=member)


def test_withdrawn_idea_cannot_be_edited_or_voted_for(member):
    idea = post_idea(author=member, title="Bike racks")
    withdraw_idea(idea=idea, member=member)

    with pytest.raises(PermissionDenied):
        edit_idea(idea=idea, member=member, title="x", body="", category=None)
    with pytest.raises(PermissionDenied):
        cast_vote(idea=idea, member=MemberFactory())


def test_withdrawing_takes_everything_back_and_returning_gives_it_once(member, programme):
    idea = post_idea(author=member, title="Bike racks")
    answer_idea(idea=idea, status="done", by=manager())
    voters = [MemberFactory(), MemberFactory()]
    for voter in voters:
        cast_vote(idea=idea, member=voter)
    assert points(member) == 164

    assert withdraw_idea(idea=idea, member=member) is True
    assert withdraw_idea(idea=idea, member=member) is False
    assert points(member) == 0
    assert bring_back_idea(idea=idea, member=member) is True
    assert bring_back_idea(idea=idea, member=member) is False

    assert points(member) == 164


def test_idea_may_have_a_past(member):
    then = timezone.now() - timedelta(days=30)

    idea = post_idea(author=member, title="Bike racks", at=then)

    assert idea.posted_at == then
    assert member.activities.get().occurred_at == then
