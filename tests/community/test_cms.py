from tests.factories.community import IdeaFactory
from tests.factories.members import MemberFactory
from community.services.moderation import report_thing

def test_x(client, commits):
    boss = MemberFactory(is_superuser=True, is_staff=True)
    client.force_login(boss)
    idea = IdeaFactory()
    report_thing(thing=idea, member=MemberFactory(), reason="spam", text="x")
    for url in ["/cms/ideas/", f"/cms/ideas/{idea.pk}/", "/cms/moderation/", "/cms/", "/cms/snippets/community/category/"]:
        r = client.get(url)
        assert r.status_code == 200, url
    r = client.post("/cms/moderation/decide/", {"thing": f"idea:{idea.pk}", "decision": "hide", "reason": "Spam"})
    assert r.status_code == 302
    r = client.get("/cms/moderation/")
    assert "Show again" in r.content.decode()
