"""Comments as a conversation: threads by age, answers below what they answer, three levels deep."""

from dataclasses import dataclass, field

from django.db.models import Q

from community.models import Comment, Idea, ModerationAction
from portal.accounts.people import Viewer

THREADS = 50
DEEPEST = 3


@dataclass
class Node:
    """One comment with what answers it, as one reader sees it."""

    comment: Comment
    answers: list["Node"] = field(default_factory=list)
    is_shown: bool = True
    is_own: bool = False
    hiding: ModerationAction | None = None


@dataclass
class Conversation:
    """A part of the threads: `next` begins the following one; the first is not `is_later`."""

    threads: list[Node] = field(default_factory=list)
    next: int | None = None
    is_later: bool = False


def conversation(
    *, idea: Idea, reader: Viewer, start: int | None = None, size: int = THREADS
) -> Conversation:
    """The threads of an idea from the thread `start` on, in at most four queries.

    What is withdrawn or hidden stays as an empty place where somebody answered it; its author
    still reads it, and moderators do. Below the third level, answers follow each other.
    """
    threads = Comment.objects.threads(idea).for_list()
    first = Comment.objects.threads(idea).filter(pk=start).first() if start else None
    if first is not None:
        threads = threads.filter(
            Q(posted_at__gt=first.posted_at) | Q(posted_at=first.posted_at, pk__gte=first.pk)
        )
    roots = list(threads[: size + 1])
    following = roots[size].pk if len(roots) > size else None
    roots = roots[:size]
    answers = Comment.objects.for_list().filter(root__in=[root.pk for root in roots])
    comments = [*roots, *answers.order_by("posted_at", "pk")] if roots else []
    nodes = _nodes(comments, reader, idea)
    return Conversation(_tree(nodes), following, first is not None)


def _nodes(comments: list[Comment], reader: Viewer, idea: Idea) -> dict[int, Node]:
    sees_all = reader.has_perm("community.moderate_idea")
    nodes = {}
    for comment in comments:
        comment.idea = idea
        is_own = comment.author_id == reader.pk
        is_shown = comment.is_open or is_own or (sees_all and comment.withdrawn_at is None)
        nodes[comment.pk] = Node(comment, is_shown=is_shown, is_own=is_own)
    hidden = [node for node in nodes.values() if node.comment.hidden_at and node.is_shown]
    if hidden:
        keys = [node.comment.pk for node in hidden]
        for action in ModerationAction.objects.filter(
            comment__in=keys, kind=ModerationAction.Kind.HIDE, undone_at=None
        ):
            if action.comment_id:
                nodes[action.comment_id].hiding = action
    return nodes


def _tree(nodes: dict[int, Node]) -> list[Node]:
    """Hang every answer below its parent, or beside it on the deepest level."""
    depths: dict[int, int] = {}
    above: dict[int, Node] = {}
    roots = []
    for key, node in nodes.items():
        parent = nodes.get(node.comment.parent_id or 0)
        if parent is None:
            depths[key] = 1
            roots.append(node)
            continue
        if depths[parent.comment.pk] == DEEPEST:
            parent = above[parent.comment.pk]
        depths[key], above[key] = depths[parent.comment.pk] + 1, parent
        parent.answers.append(node)
    return _without_empty(roots)


def _without_empty(nodes: list[Node]) -> list[Node]:
    """Leave out places that nobody can read and nobody answered."""
    for node in nodes:
        node.answers = _without_empty(node.answers)
    return [node for node in nodes if node.is_shown or node.answers]
