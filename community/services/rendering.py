"""Ideas, comments and official answers, rendered anew when the renderer has changed."""

from community.models import Comment, Idea, StatusChange
from community.services.texts import rendered, rendered_idea
from portal.ui.rendering import outdated, render_anew


def has_outdated() -> bool:
    return any(outdated(model.objects.all()).exists() for model in (Idea, Comment, StatusChange))


def render_all_anew() -> int:
    """Bring every stored text up to the renderer's version; return how many changed."""
    return (
        render_anew(Idea.objects.all(), lambda it: rendered_idea(it.body, is_html=it.is_html))
        + render_anew(Comment.objects.all(), lambda it: rendered(it.body))
        + render_anew(StatusChange.objects.all(), _answer)
    )


def _answer(change: StatusChange) -> dict:
    return {"response_html": rendered(change.response)["body_html"]}
