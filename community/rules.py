"""Who may do what in the community: predicates, asked only through `has_perm`."""

import rules


@rules.predicate
def is_author(member, thing):
    return thing is not None and thing.author_id is not None and thing.author_id == member.pk


rules.add_perm("community.add_idea", rules.is_authenticated)
rules.add_perm("community.vote_idea", rules.is_authenticated)
rules.add_perm("community.edit_idea", is_author)
rules.add_perm("community.withdraw_idea", is_author)
