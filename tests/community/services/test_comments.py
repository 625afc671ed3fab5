from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from badges.services.books import balance
from community.models import Comment
from community.services.comments import (
    bring_back_comment,
    edit_comment,
    post_comment,
    withdraw_comment,
)
from community.services.ideas import withdraw_idea
from tests.factories.community import CommentFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_rule


def points(member):
    return balance(member=member, currency="points")


def test_comment_is_counted_and_pays_once(member):
    publish_rule(verb="community.comment_posted", amount=3)
    idea, token = IdeaFactory(), uuid4()

    first = post_comment(idea=idea, author=member, body=" I would **use** it. ", token=token)
    second = post_comment(idea=idea, author=member, body="I would use it.", token=token)

    idea.refresh_from_db()
    assert first == second
    assert first.body_html == "<p>I would <strong>use</strong> it.</p>\n"
    assert (idea.comment_count, points(member)) == (1, 3)


def test_answer_keeps_its_thread(member):
    first = CommentFactory()
    second = post_comment(idea=first.idea, author=member, body="Me too", parent=first)

    third = post_comment(idea=first.idea, author=member, body="And me", parent=second)

    assert (third.parent, third.root) == (second, first)


def test_visitors_may_not_comment(commits):
    with pytest.raises(PermissionDenied):
        post_comment(idea=IdeaFactory(), author=AnonymousUser(), body="x")


def test_nobody_comments_on_what_is_withdrawn(member):
    idea = IdeaFactory()
    withdraw_idea(idea=idea, member=idea.author)

    with pytest.raises(PermissionDenied):
        post_comment(idea=idea, author=member, body="x")


def test_empty_comment_is_refused(member):
    with pytest.raises(ValidationError):
        post_comment(idea=IdeaFactory(), author=member, body=" \n")


def test_answered_comment_must_stand_and_belong_to_the_idea(member):
    withdrawn = post_comment(idea=IdeaFactory(), author=member, body="x")
    withdraw_comment(comment=withdrawn, member=member)
    for parent, idea in ((withdrawn, withdrawn.idea), (CommentFactory(), IdeaFactory())):
        with pytest.raises(ValidationError):
            post_comment(idea=idea, author=member, body="x", parent=parent)


def test_edited_comment_is_marked(member):
    comment = post_comment(idea=IdeaFactory(), author=member, body="First")

    edit_comment(comment=comment, member=member, body="Second")

    comment.refresh_from_db()
    assert comment.body_html == "<p>Second</p>\n"
    assert comment.edited_at is not None
    with pytest.raises(ValidationError):
        edit_comment(comment=comment, member=member, body=" ")


def test_only_the_author_changes_a_comment(member):
    comment = CommentFactory()

    for change in (withdraw_comment, bring_back_comment):
        with pytest.raises(PermissionDenied):
            change(comment=comment, member=member)
    with pytest.raises(PermissionDenied):
        edit_comment(comment=comment, member=member, body="x")


def test_withdrawn_comment_is_neither_counted_nor_paid_until_it_returns(member):
    publish_rule(verb="community.comment_posted", amount=3)
    idea = IdeaFactory()
    comment = post_comment(idea=idea, author=member, body="x")

    assert withdraw_comment(comment=comment, member=member) is True
    assert withdraw_comment(comment=comment, member=member) is False
    idea.refresh_from_db()
    assert (idea.comment_count, points(member)) == (0, 0)
    assert bring_back_comment(comment=comment, member=member) is True
    assert bring_back_comment(comment=comment, member=member) is False

    idea.refresh_from_db()
    assert (idea.comment_count, points(member)) == (1, 3)


def test_hostile_comment_is_harmless(member):
    body = "<script>alert(1)</script>[x](javascript:alert(1)) <b onclick=x>"

    html = post_comment(idea=IdeaFactory(), author=member, body=body).body_html

    assert "<script" not in html
    assert "href" not in html
    assert "<b" not in html


def test_constraint_holds_threads_together(member):
    parent = CommentFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(idea=parent.idea, parent=parent, author=member, body="x")


def test_other_faults_of_the_database_come_through(member):
    member.language = None

    with pytest.raises(IntegrityError), transaction.atomic():
        post_comment(idea=IdeaFactory(), author=member, body="x")


def test_named_member_is_told_and_a_name_without_holder_stays_text(member):
    named = MemberFactory(handle="deniz")

    html = post_comment(idea=IdeaFactory(), author=member, body="@deniz @nobody").body_html

    assert "@nobody" in html
    assert named.notices.get().kind == "community.mentioned"
