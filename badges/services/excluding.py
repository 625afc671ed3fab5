"""Whom and what a rule leaves out: the team, programs, and what belongs to the member."""

from collections.abc import Collection, Iterable

from django.conf import settings
from django.contrib.auth.models import Group

from badges.models import Refusal
from badges.program.schema import Rule
from portal.activity.models import Activity
from portal.activity.registry import owners_of

# Members in this group are programs; an administrator puts them there.
BOTS = "bots"
Reason = Refusal.Reason


class Exclusions:
    """What rules with `exclude` ask about facts, read once for all of them."""

    def __init__(self, facts: Iterable[Activity], rules: Collection[Rule]):
        asked = {what for rule in rules for what in rule.exclude}
        facts = list(facts)
        self._groups = _groups(facts) if asked & {"staff", "bots"} else {}
        self._owners = owners_of({one.object for one in facts}) if "own" in asked else {}

    def reason(self, rule: Rule, fact: Activity) -> str | None:
        """Why a rule leaves a fact out, or None."""
        groups = self._groups.get(fact.member_id, set())
        tests = {
            "staff": groups & _staff_roles() or fact.member.is_team,
            "bots": BOTS in groups,
            "own": self._owners.get(fact.object) == fact.member_id,
        }
        for what in rule.exclude:
            if tests[what]:
                return Reason.OWN if what == "own" else Reason.EXCLUDED
        return None


def _staff_roles() -> set[str]:
    return set(settings.ROLES) - {"member"}


def _groups(facts: list[Activity]) -> dict[int, set[str]]:
    members = {fact.member_id for fact in facts}
    groups: dict[int, set[str]] = {}
    rows = Group.objects.filter(user__in=members).values_list("user", "name")
    for member_id, name in rows:
        groups.setdefault(member_id, set()).add(name)
    return groups
