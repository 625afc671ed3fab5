from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.services.comments import post_comment, withdraw_comment
from community.services.moderation import hide_thing
from community.services.threads import conversation
from tests.factories.community import CommentFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.staff import moderator

VISITOR = AnonymousUser()


def shape(nodes):
    return [(node.comment.body, node.is_shown, shape(node.answers)) for node in nodes]


def said(idea, body, parent=None):
    return post_comment(idea=idea, author=MemberFactory(), body=body, parent=parent)


@pytest.fixture
def idea(commits):
    return IdeaFactory()


def test_answers_below_the_third_level_follow_each_other(idea):
    first = said(idea, "1")
    second = said(idea, "2", first)
    third = said(idea, "3", second)
    fourth = said(idea, "4", third)
    said(idea, "5", fourth)
    said(idea, "6")

    found = shape(conversation(idea=idea, reader=VISITOR).threads)

    level = [("3", True, []), ("4", True, []), ("5", True, [])]
    assert found == [("1", True, [("2", True, level)]), ("6", True, [])]


def test_what_is_gone_leaves_a_place_only_where_somebody_answered(idea):
    answered, alone = said(idea, "a"), said(idea, "b")
    said(idea, "c", answered)
    for comment in (answered, alone):
        withdraw_comment(comment=comment, member=comment.author)

    def read(reader):
        return shape(conversation(idea=idea, reader=reader).threads)

    assert read(VISITOR) == [("a", False, [("c", True, [])])]
    assert read(alone.author) == [("a", False, [("c", True, [])]), ("b", True, [])]


def test_hidden_comment_is_read_by_its_author_and_moderators_with_the_reason(idea):
    comment, judge = said(idea, "a"), moderator()
    action = hide_thing(thing=comment, moderator=judge, reason="Advertising")

    for reader in (comment.author, judge):
        [node] = conversation(idea=idea, reader=reader).threads
        assert (node.is_shown, node.hiding) == (True, action)
    assert conversation(idea=idea, reader=VISITOR).threads == []


def test_conversation_is_read_in_parts(idea):
    now = timezone.now()
    for number in range(5):
        at = now - timedelta(minutes=9 - number)
        CommentFactory(idea=idea, body=str(number), posted_at=at)

    first = conversation(idea=idea, reader=VISITOR, size=2)
    second = conversation(idea=idea, reader=VISITOR, size=2, start=first.next)
    third = conversation(idea=idea, reader=VISITOR, size=2, start=second.next)

    parts = [[node.comment.body for node in part.threads] for part in (first, second, third)]
    assert parts == [["0", "1"], ["2", "3"], ["4"]]
    assert [part.is_later for part in (first, second, third)] == [False, True, True]
    assert third.next is None


def test_part_that_does_not_exist_is_the_first(idea):
    said(idea, "a")

    found = conversation(idea=idea, reader=VISITOR, start=10**15)

    assert (found.is_later, len(found.threads)) == (False, 1)


def test_conversation_asks_two_queries(idea, django_assert_num_queries):
    for count in (1, 3):
        for _ in range(count):
            said(idea, "b", said(idea, "a"))
        with django_assert_num_queries(2):
            for node in conversation(idea=idea, reader=VISITOR).threads:
                _ = (node.comment.author.name, node.comment.get_absolute_url())
