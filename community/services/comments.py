from datetime import datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from community.models import Comment, Idea
from community.services.earnings import settle_comment
from community.services.ideas import count_comments
from community.services.once import insert_once
from community.services.telling import tell_of_comment
from community.services.texts import rendered
from portal.accounts.models import Member
from portal.activity.services import CHANGES_A_DAY
from portal.ui.text import storable


@transaction.atomic
def post_comment(
    *,
    idea: Idea,
    author: Member,
    body: str,
    parent: Comment | None = None,
    language: str = "",
    token: UUID | None = None,
    at: datetime | None = None,
) -> Comment:
    """Add a comment to an idea, or an answer to `parent`; those concerned are told.

    `token` names the form that was filled in: sent again, it gives the comment that it made.
    """
    _check_place(author, idea, parent)
    comment = Comment(
        idea=idea,
        parent=parent,
        root=(parent.root or parent) if parent else None,
        author=author,
        body=_clean_body(body),
        language=language or author.language,
        posted_at=at or timezone.now(),
        token=token,
        **rendered(body),
    )
    comment, is_new = insert_once(comment)
    if is_new:
        count_comments(idea_id=idea.pk, change=1)
        settle_comment(comment, at=at)
        tell_of_comment(comment)
    return comment


def _check_place(author: Member, idea: Idea, parent: Comment | None) -> None:
    if not author.has_perm("community.comment_idea", idea):
        raise PermissionDenied
    if parent and (parent.idea_id != idea.pk or not parent.is_open):
        raise ValidationError(_("The comment that you answer is no longer there."))


@transaction.atomic
def edit_comment(*, comment: Comment, member: Member, body: str) -> Comment:
    """Change a comment's words, at any time; it is then marked as edited."""
    if not member.has_perm("community.edit_comment", comment):
        raise PermissionDenied
    comment.body, comment.edited_at = _clean_body(body), timezone.now()
    for name, value in rendered(body).items():
        setattr(comment, name, value)
    comment.save(update_fields=["body", "body_html", "renderer", "edited_at"])
    tell_of_comment(comment)
    return comment


@transaction.atomic
def withdraw_comment(*, comment: Comment, member: Member) -> bool:
    """Take a comment back; what it earned is reversed, once. True when it was there."""
    if not member.has_perm("community.withdraw_comment", comment):
        raise PermissionDenied
    rows = Comment.objects.filter(pk=comment.pk, withdrawn_at=None, hidden_at=None)
    if not rows.update(withdrawn_at=timezone.now()):
        return False
    settle_shown(comment, was_open=True)
    return True


@transaction.atomic
def bring_back_comment(*, comment: Comment, member: Member) -> bool:
    """Undo a withdrawal; what the comment had earned is paid again.

    Raises ValidationError where it went back and forth all day: then it stays withdrawn till later.
    """
    if not member.has_perm("community.withdraw_comment", comment):
        raise PermissionDenied
    rows = Comment.objects.filter(pk=comment.pk).exclude(withdrawn_at=None)
    if not rows.update(withdrawn_at=None):
        return False
    settle_shown(comment, was_open=False, most=CHANGES_A_DAY)
    return True


def settle_shown(comment: Comment, *, was_open: bool, most: int | None = None) -> None:
    """Bring the idea's count and the author's credit into line with a comment's state."""
    comment.refresh_from_db(fields=["withdrawn_at", "hidden_at"])
    if comment.is_open != was_open:
        count_comments(idea_id=comment.idea_id, change=1 if comment.is_open else -1)
    settle_comment(comment, most=most)


def _clean_body(body: str) -> str:
    body = storable(body).strip()
    if not body:
        raise ValidationError({"body": _("Write your comment first.")})
    return body
