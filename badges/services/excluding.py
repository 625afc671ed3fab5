"""Whom and what a rule leaves out: the team, programs, and what belongs to the member.

What a member does to their own thing as if it were another's, such as voting for their own idea,
earns nothing whatever the rule says; `portal.activity.registry` knows which verbs these are.
"""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth.models import Group

from badges.models import Refusal
from badges.program.schema import Rule
from portal.activity.models import Activity
from portal.activity.registry import is_for_others, is_own_work, owners_of

# Members in this group are programs; an administrator puts them there.
BOTS = "bots"
Reason = Refusal.Reason


class Exclusions:
    """What rules ask about facts and their owners, read once for all of them."""

    def __init__(self, facts: Iterable[Activity], rules: Collection[Rule]):
        asked = {what for rule in rules for what in rule.exclude}
        facts = list(facts)
        self._groups = _groups(facts) if asked & {"staff", "bots"} else {}
        self._owners = owners_of(_owned(facts, rules))

    def reason(self, rule: Rule, fact: Activity) -> str | None:
        """Why a rule leaves a fact out, or None."""
        if is_for_others(fact.verb) and self._is_own(fact):
            return Reason.OWN
        groups = self._groups.get(fact.member_id, set())
        tests = {
            "staff": groups & _staff_roles() or fact.member.is_team,
            "bots": BOTS in groups,
            "own": self._is_own(fact) and not is_own_work(fact.verb),
        }
        for what in rule.exclude:
            if tests[what]:
                return Reason.OWN if what == "own" else Reason.EXCLUDED
        return None

    def _is_own(self, fact: Activity) -> bool:
        return self._owners.get(fact.object) == fact.member_id


def _owned(facts: list[Activity], rules: Collection[Rule]) -> set[str]:
    """The objects whose owners some rule, or the portal itself, has to know."""
    paid = {verb for rule in rules for verb in rule.verb}
    asked = {verb for rule in rules if "own" in rule.exclude for verb in rule.verb}
    asked = {verb for verb in asked if not is_own_work(verb)}
    asked |= {verb for verb in paid if is_for_others(verb)}
    return {one.object for one in facts if one.verb in asked}


def _staff_roles() -> set[str]:
    return set(settings.ROLES) - {"member"}


def _groups(facts: list[Activity]) -> dict[int, set[str]]:
    members = {fact.member_id for fact in facts}
    groups: dict[int, set[str]] = {}
    rows = Group.objects.filter(user__in=members).values_list("user", "name")
    for member_id, name in rows:
        groups.setdefault(member_id, set()).add(name)
    return groups
