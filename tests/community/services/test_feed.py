from datetime import timedelta

from django.utils import timezone

from community.services.feed import ideas_of, latest_ideas
from community.services.links import comment_links, idea_links
from tests.factories.community import CommentFactory, IdeaFactory

NOW = timezone.now()


def test_other_pages_get_ideas_ready_to_show(member, django_assert_num_queries):
    old = IdeaFactory(author=member, posted_at=NOW - timedelta(days=2))
    new = IdeaFactory(status="done")
    IdeaFactory(withdrawn_at=NOW, author=member)

    with django_assert_num_queries(2):
        found = [latest_ideas(5), ideas_of(member)]
        _ = [idea.byline for ideas in found for idea in ideas]

    assert found == [[new, old], [old]]


def test_activities_lead_to_what_is_still_there(member):
    idea, gone = IdeaFactory(), IdeaFactory(withdrawn_at=NOW)
    comment = CommentFactory(idea=idea)
    lost = [CommentFactory(idea=gone), CommentFactory(idea=idea, hidden_at=NOW)]

    ideas = idea_links([str(idea.pk), str(gone.pk)])
    comments = comment_links([str(one.pk) for one in (comment, *lost)])

    assert ideas == {str(idea.pk): (idea.title, idea.get_absolute_url())}
    title = f"Comment on “{idea.title}”"
    assert comments == {str(comment.pk): (title, comment.get_absolute_url())}
