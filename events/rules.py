"""Who may take part: predicates, asked only through `has_perm`.

`events.manage_event` and `events.judge_contest` are permissions of groups (Meta.permissions).
"""

from typing import TYPE_CHECKING

import rules

if TYPE_CHECKING:
    from events.models import Entry
    from portal.accounts.models import Member

MANAGE, JUDGE = "events.manage_event", "events.judge_contest"


@rules.predicate
def is_present(member: "Member") -> bool:
    return member.is_active and member.closed_at is None


@rules.predicate
def owns_entry(member: "Member", entry: "Entry | None") -> bool:
    return entry is not None and entry.member_id == member.pk


may_take_part = rules.is_authenticated & is_present

rules.add_perm("events.register_event", may_take_part)
rules.add_perm("events.join_challenge", may_take_part)
rules.add_perm("events.enter_contest", may_take_part)
rules.add_perm("events.vote_entry", may_take_part)
rules.add_perm("events.withdraw_entry", owns_entry)
