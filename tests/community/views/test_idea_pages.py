from django.urls import reverse

from community.services.comments import post_comment
from community.services.ideas import post_idea


def test_pages(member_client, member, client):
    idea = post_idea(author=member, title="Bike racks for Isparta", body="By the **gate** @nobody")
    other = post_idea(author=member, title="More bike racks in Isparta", body="By the **gate**")
    c = post_comment(idea=idea, author=member, body="hello *x*")
    post_comment(idea=idea, author=member, body="hello *x*", parent=c)
    for name, args in [
        ("idea_list", []),
        ("roadmap", []),
        ("idea_new", []),
        ("idea_similar", []),
        ("idea_edit", [idea.pk]),
        ("comment_reply", [c.pk]),
        ("comment_edit", [c.pk]),
    ]:
        r = member_client.get(
            reverse("community:" + name, args=args), {"title": "bike racks isparta", "q": "ısparta"}
        )
        assert r.status_code == 200, name
        print(name, r.content.decode()[-200:])
    r = member_client.get(idea.get_absolute_url())
    html = r.content.decode()
    assert "More bike racks" in html
    r = member_client.get(reverse("community:idea_list"), {"q": "ISPARTA"})
    assert html.count("idea-row") == 0 and r.content.decode().count('class="idea-row"') == 2
