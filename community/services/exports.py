"""What the community keeps about a member, for the export that they may ask for."""

from typing import Any

from community.models import Comment, Idea, ModerationAction, Report, StatusChange, Vote
from portal.accounts.models import Member

REPORT = ("idea", "comment", "reason", "text", "outcome", "reported_at")
DECISION = (
    "idea",
    "comment",
    "kind",
    "reason",
    "acted_at",
    "objection",
    "objected_at",
    "undone_at",
)


def export_of(member: Member) -> dict:
    """Everything that a member wrote and voted for here, withdrawn and hidden things included."""
    ideas = Idea.objects.filter(author=member).select_related("category").order_by("pk")
    comments = Comment.objects.filter(author=member).order_by("pk")
    return {
        "ideas": [_idea(idea) for idea in ideas],
        "comments": [
            {**_times(one), "idea": one.idea_id, "answers": one.parent_id, "body": one.body}
            for one in comments
        ],
        "votes": _rows(Vote.objects.filter(member=member), "idea", "voted_at"),
        "reports": _rows(Report.objects.filter(reporter=member), *REPORT),
        "decisions_about_me": [
            row
            for name in ("idea", "comment")
            for row in _rows(
                ModerationAction.objects.filter(**{f"{name}__author": member}), *DECISION
            )
        ],
        "official_answers": _rows(
            StatusChange.objects.filter(by=member), "idea", "to_status", "response", "changed_at"
        ),
    }


def _idea(idea: Idea) -> dict:
    return {
        **_times(idea),
        "title": idea.title,
        "body": idea.body,
        "board": idea.category.code if idea.category else "",
        "language": idea.language,
        "status": idea.status,
        "score": idea.score,
    }


def _rows(rows: Any, *fields: str) -> list[dict]:
    return [
        {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row}
        for row in (found.items() for found in rows.order_by("pk").values(*fields))
    ]


def _times(thing: Idea | Comment) -> dict:
    names = ("posted_at", "edited_at", "withdrawn_at", "hidden_at")
    moments = {name: getattr(thing, name) for name in names}
    return {
        "id": thing.pk,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }
