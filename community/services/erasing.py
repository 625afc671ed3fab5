"""What closing an account empties here. Rows, votes and counts stay; words go.

An emptied idea or comment is withdrawn as its author could have done, but nothing is reversed:
what it earned, and what others earned with it, stays in the books.
"""

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.search import index

from community.models import Comment, Idea, ModerationAction, Report
from community.services.ideas import count_comments
from portal.accounts.models import Member

# A title is never empty: lists of moderators and members' own histories show it.
NOTHING = "–"
IDEA = {
    "title": NOTHING,
    "body": "",
    "body_html": "",
    "excerpt": "",
    "source_author": "",
    "source_url": "",
    "token": None,
}
COMMENT = {"body": "", "body_html": "", "token": None}


def erase_private(member: Member) -> None:
    """Empty what only the member and moderators could read."""
    Report.objects.filter(reporter=member).update(text="")
    for name in ("idea", "comment"):
        decisions = ModerationAction.objects.filter(**{f"{name}__author": member})
        decisions.update(objection="")
    _erase_ideas(Idea.objects.filter(author=member).exclude(withdrawn_at=None, hidden_at=None))
    _erase_comments(
        Comment.objects.filter(author=member).exclude(withdrawn_at=None, hidden_at=None)
    )


def erase_public(member: Member) -> None:
    """Empty the ideas and comments that everybody could read."""
    _erase_ideas(Idea.objects.filter(author=member).listed())
    _erase_comments(Comment.objects.filter(author=member).standing())


def _erase_ideas(ideas: QuerySet[Idea]) -> None:
    now = timezone.now()
    for idea in ideas:
        index.remove_object(idea)
        Idea.objects.filter(pk=idea.pk).update(**IDEA, withdrawn_at=idea.withdrawn_at or now)


def _erase_comments(comments: QuerySet[Comment]) -> None:
    now = timezone.now()
    for comment in comments:
        if comment.is_open:
            count_comments(idea_id=comment.idea_id, change=-1)
        at = comment.withdrawn_at or now
        Comment.objects.filter(pk=comment.pk).update(**COMMENT, withdrawn_at=at)
