import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from badges.services.books import balance
from community.models import ModerationAction, Report
from community.services.comments import post_comment, withdraw_comment
from community.services.ideas import bring_back_idea, post_idea, withdraw_idea
from community.services.moderation import (
    dismiss_reports,
    hide_thing,
    object_to,
    report_thing,
    unhide_thing,
)
from community.services.queue import decisions, key_of, objections, thing_of, waiting_cases
from tests.factories.community import CommentFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.programs import publish_program, rule
from tests.factories.staff import moderator


def points(member):
    return balance(member=member, currency="points")


@pytest.fixture
def judge(commits):
    return moderator()


@pytest.fixture
def programme():
    return publish_program(
        rules=[
            rule("shared", "community.idea_posted", 10),
            rule("said", "community.comment_posted", 3),
        ]
    )


@pytest.mark.parametrize("factory", [IdeaFactory, CommentFactory])
def test_member_reports_a_thing_once(member, factory):
    thing = factory()

    first = report_thing(thing=thing, member=member, reason="spam", text=" Ads ")
    second = report_thing(thing=thing, member=member, reason="abuse")

    assert first == second
    assert (first.reason, first.text, first.thing) == ("spam", "Ads", thing)
    assert Report.objects.waiting().count() == 1


def test_nobody_reports_without_reason_or_their_own(member):
    with pytest.raises(ValidationError):
        report_thing(thing=IdeaFactory(), member=member, reason="boring")
    with pytest.raises(PermissionDenied):
        report_thing(thing=IdeaFactory(author=member), member=member, reason="spam")


def test_hidden_idea_loses_its_points_until_it_is_shown_again(member, judge, programme):
    idea = post_idea(author=member, title="Bike racks")
    report_thing(thing=idea, member=MemberFactory(), reason="spam")

    action = hide_thing(thing=idea, moderator=judge, reason=" Advertising ")
    assert hide_thing(thing=idea, moderator=judge, reason="Again") == action
    assert (points(member), action.reason) == (0, "Advertising")
    assert Report.objects.get().outcome == "hidden"
    assert unhide_thing(thing=idea, moderator=judge) is True
    assert unhide_thing(thing=idea, moderator=judge) is False

    action.refresh_from_db()
    assert points(member) == 10
    assert action.undone_by == judge
    assert [one.kind for one in member.notices.order_by("sequence")][-2:] == [
        "community.hidden",
        "community.restored",
    ]


def test_hidden_comment_is_neither_counted_nor_paid(member, judge, programme):
    idea = IdeaFactory()
    comment = post_comment(idea=idea, author=member, body="Buy this")

    hide_thing(thing=comment, moderator=judge, reason="Advertising")
    idea.refresh_from_db()
    assert (idea.comment_count, points(member)) == (0, 0)
    unhide_thing(thing=comment, moderator=judge)

    idea.refresh_from_db()
    assert (idea.comment_count, points(member)) == (1, 3)


def test_hiding_what_is_withdrawn_counts_nothing_twice(member, judge, programme):
    idea = IdeaFactory()
    comment = post_comment(idea=idea, author=member, body="x")
    withdraw_comment(comment=comment, member=member)

    hide_thing(thing=comment, moderator=judge, reason="Advertising")
    unhide_thing(thing=comment, moderator=judge)

    idea.refresh_from_db()
    assert (idea.comment_count, points(member)) == (0, 0)


def test_hidden_idea_cannot_be_withdrawn_or_brought_back(member, judge):
    idea = post_idea(author=member, title="Bike racks")
    hide_thing(thing=idea, moderator=judge, reason="Advertising")
    idea.refresh_from_db()

    for change in (withdraw_idea, bring_back_idea):
        with pytest.raises(PermissionDenied):
            change(idea=idea, member=member)


def test_reason_is_needed(judge):
    with pytest.raises(ValidationError):
        hide_thing(thing=IdeaFactory(), moderator=judge, reason=" ")


def test_only_moderators_decide(member):
    idea = IdeaFactory()

    with pytest.raises(PermissionDenied):
        hide_thing(thing=idea, moderator=member, reason="x")
    with pytest.raises(PermissionDenied):
        unhide_thing(thing=idea, moderator=member)
    with pytest.raises(PermissionDenied):
        dismiss_reports(thing=idea, moderator=member)


def test_dismissed_reports_leave_the_thing(member, judge):
    idea = IdeaFactory()
    report_thing(thing=idea, member=member, reason="spam")

    assert dismiss_reports(thing=idea, moderator=judge, reason="Fine") == 1
    assert dismiss_reports(thing=idea, moderator=judge) == 0

    idea.refresh_from_db()
    assert idea.hidden_at is None
    assert [one.kind for one in decisions()] == ["dismiss"]


def test_author_objects_once(member, judge):
    idea = IdeaFactory(author=member)
    action = hide_thing(thing=idea, moderator=judge, reason="Advertising")

    assert object_to(action=action, member=member, text=" It is mine. ") is True
    assert object_to(action=action, member=member, text="Again") is False

    assert [one.objection for one in objections()] == ["It is mine."]


def test_objection_needs_words_and_the_author(member, judge):
    action = hide_thing(thing=IdeaFactory(author=member), moderator=judge, reason="Advertising")

    with pytest.raises(ValidationError):
        object_to(action=action, member=member, text=" ")
    with pytest.raises(PermissionDenied):
        object_to(action=action, member=judge, text="x")


def test_queue_groups_reports_by_thing(member):
    idea, comment = IdeaFactory(), CommentFactory()
    for thing in (idea, comment, idea):
        report_thing(thing=thing, member=MemberFactory(), reason="spam")

    cases = waiting_cases()

    assert [(case.thing, case.idea, len(case.reports)) for case in cases] == [
        (idea, idea, 2),
        (comment, comment.idea, 1),
    ]


def test_keys_lead_back_to_their_things(member):
    idea, comment = IdeaFactory(), CommentFactory()

    assert [thing_of(key_of(thing)) for thing in (idea, comment)] == [idea, comment]
    assert [thing_of(key) for key in ("", "idea:x", "member:1", f"idea:{10**30}")] == [None] * 4


def test_report_is_about_exactly_one_thing(member):
    idea, comment = IdeaFactory(), CommentFactory()

    for wrong in ({}, {"idea": idea, "comment": comment}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(reporter=member, reason="spam", **wrong)
        with pytest.raises(IntegrityError), transaction.atomic():
            ModerationAction.objects.create(moderator=member, kind="hide", **wrong)
