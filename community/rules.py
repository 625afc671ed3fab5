"""Who may do what in the community: predicates, asked only through `has_perm`."""

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from community.models import Comment, Idea
    from portal.accounts.people import Viewer


@rules.predicate
def is_author(member: "Viewer", thing: "Idea | Comment | None") -> bool:
    return thing is not None and thing.author_id is not None and thing.author_id == member.pk


@rules.predicate
def is_open(member: "Viewer", thing: "Idea | Comment | None") -> bool:
    """True for what is neither withdrawn nor hidden, and where no thing is asked about."""
    return thing is None or thing.is_open


@rules.predicate
def is_not_hidden(member: "Viewer", thing: "Idea | Comment | None") -> bool:
    return thing is not None and thing.hidden_at is None


rules.add_perm("community.add_idea", rules.is_authenticated)
rules.add_perm("community.vote_idea", rules.is_authenticated & is_open)
rules.add_perm("community.edit_idea", is_author & is_open)
rules.add_perm("community.withdraw_idea", is_author & is_not_hidden)
rules.add_perm("community.comment_idea", rules.is_authenticated & is_open)
rules.add_perm("community.edit_comment", is_author & is_open)
rules.add_perm("community.withdraw_comment", is_author & is_not_hidden)
rules.add_perm("community.report_thing", rules.is_authenticated & is_open & ~is_author)
