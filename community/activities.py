"""What members do in the community, with the words that explain it in a ledger line."""

from django.utils.translation import gettext_lazy as _

IDEA_POSTED = "community.idea_posted"
COMMENT_POSTED = "community.comment_posted"
VOTE_CAST = "community.vote_cast"
VOTE_RECEIVED = "community.vote_received"
IDEA_PLANNED = "community.idea_planned"
IDEA_DONE = "community.idea_done"

VERBS = {
    IDEA_POSTED: _("Shared an idea"),
    COMMENT_POSTED: _("Wrote a comment"),
    VOTE_CAST: _("Voted for an idea"),
    VOTE_RECEIVED: _("An idea received a vote"),
    IDEA_PLANNED: _("An idea was planned"),
    IDEA_DONE: _("An idea came true"),
}

# About the author's own idea by their nature; a comment may stand below anybody's.
OWN_WORK = (IDEA_POSTED, VOTE_RECEIVED, IDEA_PLANNED, IDEA_DONE)
EITHER = (COMMENT_POSTED,)
