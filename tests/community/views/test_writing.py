from uuid import uuid4

import pytest
from django.urls import reverse

from community.models import Comment, Idea, Report
from community.services.comments import post_comment, withdraw_comment
from community.services.ideas import post_idea, withdraw_idea
from community.services.moderation import hide_thing
from tests.factories.community import CommentFactory, IdeaFactory
from tests.factories.staff import manager, moderator

HTMX = {"HX-Request": "true"}


def url(name, thing):
    return reverse(f"community:{name}", args=[thing.pk])


def test_member_shares_an_idea_once_however_often_it_is_sent(member_client):
    new = reverse("community:idea_new")
    assert 'name="token"' in member_client.get(new).text
    fields = {"title": "Bike racks", "body": "By the gate", "token": str(uuid4())}

    first, second = (member_client.post(new, fields) for _ in range(2))

    idea = Idea.objects.get()
    assert first.url == second.url == idea.get_absolute_url()


def test_refused_idea_comes_back_with_what_was_written(member_client):
    new = reverse("community:idea_new")

    response = member_client.post(new, {"title": "", "body": "By the gate", "token": "forged"})

    assert response.status_code == 422
    assert "By the gate" in response.text
    assert not Idea.objects.exists()


def test_author_edits_withdraws_and_brings_back(member_client, member):
    idea = post_idea(author=member, title="Bike racks")

    assert "Bike racks" in member_client.get(url("idea_edit", idea)).text
    member_client.post(url("idea_edit", idea), {"title": "Benches", "body": ""})
    page = member_client.post(url("idea_withdraw", idea), follow=True).text
    member_client.post(url("idea_bring_back", idea))

    idea.refresh_from_db()
    assert (idea.title, idea.withdrawn_at) == ("Benches", None)
    assert "Bring back" in page


def test_comment_is_posted_and_refused(member_client):
    idea = IdeaFactory()

    posted = member_client.post(url("comment_new", idea), {"body": "Me *too*"})
    refused = member_client.post(url("comment_new", idea), {"body": " "})

    comment = Comment.objects.get()
    assert posted.url == comment.get_absolute_url()
    assert refused.status_code == 422
    assert "<em>too</em>" in member_client.get(posted.url).text


def test_reply_has_a_page_and_a_part(member_client):
    parent = CommentFactory(body_html="<p>Me too</p>")

    page = member_client.get(url("comment_reply", parent)).text
    part = member_client.get(url("comment_reply", parent), headers=HTMX).text
    posted = member_client.post(url("comment_reply", parent), {"body": "And me"})
    refused = member_client.post(url("comment_reply", parent), {"body": ""})

    assert ("<html" in page, "<html" in part) == (True, False)
    assert "Post comment" in part
    assert posted.url == Comment.objects.get(parent=parent).get_absolute_url()
    assert refused.status_code == 422


def test_author_edits_withdraws_and_brings_back_a_comment(member_client, member):
    comment = post_comment(idea=IdeaFactory(), author=member, body="First")

    assert "First" in member_client.get(url("comment_edit", comment)).text
    member_client.post(url("comment_edit", comment), {"body": "Second"})
    page = member_client.post(url("comment_withdraw", comment), follow=True).text
    member_client.post(url("comment_bring_back", comment))

    comment.refresh_from_db()
    assert (comment.body, comment.withdrawn_at) == ("Second", None)
    assert "You withdrew this comment" in page


@pytest.mark.parametrize("noun", ["idea", "comment"])
def test_withdrawing_can_be_undone_for_ten_seconds(member_client, member, noun):
    comment = CommentFactory(author=member, idea=IdeaFactory(author=member))
    thing = comment if noun == "comment" else comment.idea
    back = url(f"{noun}_bring_back", thing)

    page = member_client.post(url(f"{noun}_withdraw", thing), follow=True).text
    offers = page.count('data-undo="10"')
    again = member_client.get(thing.get_absolute_url()).text
    undone = member_client.post(back, follow=True).text

    thing.refresh_from_db()
    assert (offers, again.count("data-undo")) == (1, 0)
    # The toast's button and the one in the page lead to the same place.
    assert (page.count(f'action="{back}"'), again.count(f'action="{back}"')) == (2, 1)
    assert '<span data-undo-left aria-hidden="true"></span>' in page
    assert (thing.withdrawn_at, "data-undo" in undone) == (None, False)


def test_withdrawing_twice_offers_nothing_the_second_time(member_client, member):
    idea = IdeaFactory(author=member)
    withdraw_idea(idea=idea, member=member)

    page = member_client.post(url("idea_withdraw", idea), follow=True).text

    assert "data-undo" not in page


def test_members_report_ideas_and_comments(member_client):
    comment = CommentFactory()

    for name, thing in (("idea_report", comment.idea), ("comment_report", comment)):
        assert member_client.get(url(name, thing)).status_code == 200
        assert member_client.post(url(name, thing), {}).status_code == 422
        sent = member_client.post(url(name, thing), {"reason": "spam", "text": "Ads"})
        assert sent.url == thing.get_absolute_url()

    assert Report.objects.count() == 2


def test_moderator_hides_and_shows_on_the_site(client, commits):
    comment, judge = CommentFactory(), moderator()
    client.force_login(judge)

    for noun, thing in (("idea", comment.idea), ("comment", comment)):
        assert client.get(url(f"{noun}_hide", thing)).status_code == 200
        assert client.post(url(f"{noun}_hide", thing), {"reason": ""}).status_code == 422
        client.post(url(f"{noun}_hide", thing), {"reason": "Advertising"})
        thing.refresh_from_db()
        assert thing.hidden_at is not None
        assert "Advertising" in client.get(thing.get_absolute_url()).text
        client.post(url(f"{noun}_unhide", thing))
        thing.refresh_from_db()
        assert thing.hidden_at is None


def test_author_reads_the_reason_and_objects(member_client, member):
    idea = post_idea(author=member, title="Bike racks")
    action = hide_thing(thing=idea, moderator=moderator(), reason="Advertising")

    page = member_client.get(idea.get_absolute_url()).text
    assert member_client.get(url("decision_object", action)).status_code == 200
    assert member_client.post(url("decision_object", action), {}).status_code == 422
    for _ in range(2):
        sent = member_client.post(url("decision_object", action), {"text": "It is mine"})

    action.refresh_from_db()
    assert "Advertising" in page
    assert (sent.status_code, action.objection) == (302, "It is mine")


def test_manager_answers_on_the_site(client, commits):
    idea = IdeaFactory()
    client.force_login(manager())

    assert client.get(url("idea_answer", idea)).status_code == 200
    assert client.post(url("idea_answer", idea), {"status": "open"}).status_code == 422
    client.post(url("idea_answer", idea), {"status": "planned", "response": "In spring"})

    assert "In spring" in client.get(idea.get_absolute_url()).text


@pytest.mark.parametrize("name", ["idea_edit", "idea_withdraw", "idea_bring_back", "idea_answer"])
def test_others_may_not_touch_an_idea(member_client, name):
    assert member_client.post(url(name, IdeaFactory()), {"title": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["idea_hide", "idea_unhide"])
def test_members_do_not_moderate(member_client, name):
    assert member_client.post(url(name, IdeaFactory()), {"reason": "x"}).status_code == 403


@pytest.mark.parametrize(
    "name", ["comment_edit", "comment_withdraw", "comment_bring_back", "comment_hide"]
)
def test_others_may_not_touch_a_comment(member_client, name):
    assert member_client.post(url(name, CommentFactory()), {"body": "x"}).status_code == 403


def test_nobody_reports_their_own_or_objects_for_others(member_client, member):
    idea = IdeaFactory(author=member)
    action = hide_thing(thing=IdeaFactory(), moderator=moderator(), reason="Advertising")

    assert member_client.post(url("idea_report", idea), {"reason": "spam"}).status_code == 403
    assert member_client.post(url("decision_object", action), {"text": "x"}).status_code == 403


def test_what_is_gone_is_not_found(member_client, member):
    other = CommentFactory()
    withdraw_comment(comment=other, member=other.author)
    comment = CommentFactory()
    withdraw_idea(idea=comment.idea, member=comment.idea.author)

    names = ["comment_reply", "comment_report"]
    found = [
        member_client.get(url(name, one)).status_code for name in names for one in (other, comment)
    ]

    assert found == [404] * 4


def test_visitor_is_asked_to_log_in_first(client, db):
    comment = CommentFactory()

    new = client.get(reverse("community:idea_new"))
    reply = client.get(url("comment_reply", comment))

    assert new.url == "/accounts/login/?next=/ideas/new/"
    assert reply.url == f"/accounts/login/?next=/comments/{comment.pk}/reply/"


def test_too_many_ideas_are_refused_with_a_page_that_says_when(member_client, settings):
    settings.RATE_LIMITS = True
    new = reverse("community:idea_new")

    codes = [member_client.post(new, {"title": f"Idea {n}"}).status_code for n in range(7)]

    assert codes == [302] * 6 + [429]
