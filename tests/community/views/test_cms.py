import pytest

from community.models import ModerationAction
from community.services.moderation import hide_thing, object_to, report_thing
from tests.factories.community import CommentFactory, IdeaFactory
from tests.factories.members import MemberFactory
from tests.factories.staff import manager, member_with, moderator

DECIDE = "/cms/moderation/decide/"


@pytest.fixture
def boss_client(client, commits):
    client.force_login(manager())
    return client


@pytest.fixture
def judge_client(client, commits):
    client.force_login(moderator())
    return client


def test_ideas_without_an_answer_come_first(boss_client):
    IdeaFactory(title="Answered", status="planned", score=9)
    IdeaFactory(title="Waiting", score=1)

    text = boss_client.get("/cms/ideas/").text

    assert text.index("Waiting</a>") < text.index("Answered</a>")
    assert "Waiting</a>" not in boss_client.get("/cms/ideas/?status=planned&p=x").text
    assert "No ideas with this status." in boss_client.get("/cms/ideas/?status=done").text


def test_long_list_has_pages(boss_client):
    IdeaFactory.create_batch(31, author=MemberFactory())

    assert "?status=&amp;p=2" in boss_client.get("/cms/ideas/").text
    assert "?status=&amp;p=1" in boss_client.get("/cms/ideas/?p=2").text


def test_manager_answers_in_the_cms(boss_client):
    idea = IdeaFactory()
    url = f"/cms/ideas/{idea.pk}/"

    refused = boss_client.post(url, {"status": "open", "response": ""})
    sent = boss_client.post(url, {"status": "planned", "response": "In spring."})

    assert "Choose another status or write a response." in refused.text
    assert sent.url == "/cms/ideas/"
    assert "In spring." in boss_client.get(url).text


def test_moderator_decides_in_the_queue(judge_client):
    idea, comment = IdeaFactory(title="Bike racks"), CommentFactory()
    for thing in (idea, comment):
        report_thing(thing=thing, member=MemberFactory(), reason="spam", text="Ads everywhere")
    page = judge_client.get("/cms/moderation/").text

    judge_client.post(DECIDE, {"thing": f"comment:{comment.pk}", "decision": "dismiss"})
    judge_client.post(DECIDE, {"thing": f"idea:{idea.pk}", "decision": "hide", "reason": "Ads"})
    idea.refresh_from_db()
    assert idea.hidden_at is not None
    action = ModerationAction.objects.get(kind="hide")
    object_to(action=action, member=idea.author, text="It is mine")
    objected = judge_client.get("/cms/moderation/").text
    judge_client.post(DECIDE, {"thing": f"idea:{idea.pk}", "decision": "unhide"})

    idea.refresh_from_db()
    assert (page.count("Ads everywhere"), "It is mine" in objected) == (2, True)
    assert idea.hidden_at is None
    assert "undone" in judge_client.get("/cms/moderation/").text


def test_hiding_without_reason_says_so(judge_client):
    idea = IdeaFactory()

    response = judge_client.post(
        DECIDE, {"thing": f"idea:{idea.pk}", "decision": "hide"}, follow=True
    )

    assert "Say why: the author will read it." in response.text


@pytest.mark.parametrize(
    "fields", [{}, {"thing": "idea:0"}, {"thing": "member:1", "decision": "hide"}]
)
def test_decision_about_nothing_is_not_found(judge_client, fields):
    assert judge_client.post(DECIDE, fields).status_code == 404


def test_unknown_decision_is_not_found(judge_client):
    fields = {"thing": f"idea:{IdeaFactory().pk}", "decision": "burn"}

    assert judge_client.post(DECIDE, fields).status_code == 404


def test_home_says_what_waits(client, commits):
    idea = IdeaFactory()
    report_thing(thing=idea, member=MemberFactory(), reason="spam")
    both = ["community.answer_idea", "community.moderate_idea", "wagtailadmin.access_admin"]
    client.force_login(member_with(*both))

    text = client.get("/cms/").text

    assert "1 idea waits for an answer" in text
    assert "1 report waits for a decision" in text


def test_editors_see_and_touch_neither(client, commits):
    idea = IdeaFactory()
    hide_thing(thing=idea, moderator=moderator(), reason="Ads")
    client.force_login(member_with("wagtailadmin.access_admin"))

    codes = [
        client.get("/cms/ideas/").status_code,
        client.post(f"/cms/ideas/{idea.pk}/", {"status": "done"}).status_code,
        client.get("/cms/moderation/").status_code,
        client.post(DECIDE, {"thing": f"idea:{idea.pk}", "decision": "unhide"}).status_code,
    ]
    home = client.get("/cms/").text

    assert set(codes) <= {302, 403}
    assert "/cms/moderation/" not in home
    assert ModerationAction.objects.get().undone_at is None
