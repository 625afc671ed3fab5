from collections.abc import Iterable

from django.utils.translation import gettext as _

from community.models import Comment, Idea
from portal.accounts.people import Viewer
from portal.activity.registry import ObjectLink, numbers_of


def idea_links(ids: Iterable[str], viewer: Viewer | None = None) -> dict[str, ObjectLink]:
    """Titles and addresses of ideas, for feeds and ledger lines; none for withdrawn ones."""
    ideas = Idea.objects.listed().filter(pk__in=numbers_of(ids))
    return {str(idea.pk): ObjectLink(idea.title, idea.get_absolute_url()) for idea in ideas}


def comment_links(ids: Iterable[str], viewer: Viewer | None = None) -> dict[str, ObjectLink]:
    """Where comments stand, with the titles of their ideas; none for those that are gone."""
    comments = Comment.objects.standing().select_related("idea").filter(pk__in=numbers_of(ids))
    return {
        str(comment.pk): ObjectLink(
            _("Comment on “%(title)s”") % {"title": comment.idea.title}, comment.get_absolute_url()
        )
        for comment in comments
        if comment.idea.is_open
    }


def idea_owners(ids: Iterable[str]) -> dict[str, int]:
    """The authors of ideas."""
    rows = Idea.objects.filter(pk__in=numbers_of(ids)).exclude(author=None)
    return {str(pk): author_id for pk, author_id in rows.values_list("pk", "author")}


def comment_owners(ids: Iterable[str]) -> dict[str, int]:
    """Whose idea a comment is about: the author of that, not of the comment."""
    rows = Comment.objects.filter(pk__in=numbers_of(ids)).exclude(idea__author=None)
    return {str(pk): author_id for pk, author_id in rows.values_list("pk", "idea__author")}
