import json

from community.services.comments import post_comment, withdraw_comment
from community.services.exports import export_of
from community.services.ideas import post_idea
from community.services.moderation import report_thing
from community.services.votes import cast_vote
from tests.factories.community import IdeaFactory


def test_export_holds_everything_of_a_member_and_nothing_of_others(member):
    idea = post_idea(author=member, title="Bike racks", body="By the gate")
    other = IdeaFactory()
    comment = post_comment(idea=other, author=member, body="Me too")
    withdraw_comment(comment=comment, member=member)
    cast_vote(idea=other, member=member)
    report_thing(thing=other, member=member, reason="spam", text="Ads")

    found = json.loads(json.dumps(export_of(member)))

    assert [one["id"] for one in found["ideas"]] == [idea.pk]
    assert found["ideas"][0]["title"] == "Bike racks"
    assert [one["body"] for one in found["comments"]] == ["Me too"]
    assert found["comments"][0]["withdrawn_at"] is not None
    assert [one["idea"] for one in found["votes"]] == [other.pk]
    assert [one["text"] for one in found["reports"]] == ["Ads"]
