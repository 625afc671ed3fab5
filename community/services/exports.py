"""What the community keeps about a member, for the export that they may ask for."""

from community.models import Comment, Idea, Report, Vote


def export_of(member) -> dict:
    """Everything that a member wrote and voted for here, withdrawn and hidden things included."""
    ideas = Idea.objects.filter(author=member).order_by("pk")
    comments = Comment.objects.filter(author=member).order_by("pk")
    votes = Vote.objects.filter(member=member).order_by("pk")
    reports = Report.objects.filter(reporter=member).order_by("pk")
    return {
        "ideas": [
            {**_times(idea), "title": idea.title, "body": idea.body, "status": idea.status}
            for idea in ideas
        ],
        "comments": [{**_times(one), "idea": one.idea_id, "body": one.body} for one in comments],
        "votes": [{"idea": one.idea_id, "voted_at": one.voted_at.isoformat()} for one in votes],
        "reports": [
            {"reason": one.reason, "text": one.text, "reported_at": one.reported_at.isoformat()}
            for one in reports
        ],
    }


def _times(thing: Idea | Comment) -> dict:
    names = ("posted_at", "edited_at", "withdrawn_at", "hidden_at")
    moments = {name: getattr(thing, name) for name in names}
    return {
        "id": thing.pk,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }
