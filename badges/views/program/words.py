"""Codes of the programme as staff read them, also where a part has gone meanwhile."""

from badges.program.schema import Program
from badges.program.sentences import name_of, rule_name
from portal.activity.registry import verb_label
from portal.ui.templatetags.ui import grouped


def rule_label(code: str, *programs: Program | None) -> str:
    """The rule's name in the first of the programmes that knows it."""
    found = (one.rules_by_code.get(code) for one in programs if one)
    rule = next((rule for rule in found if rule), None)
    return rule_name(rule, verb_label) if rule else code


def badge_label(code: str, *programs: Program | None) -> str:
    found = (one.badges_by_code.get(code) for one in programs if one)
    badge = next((badge for badge in found if badge), None)
    return name_of(badge) if badge else code


def unit_of(code: str, program: Program) -> str:
    currency = program.currencies.get(code)
    return name_of(currency) if currency else code


def amount_text(amount: int, code: str, program: Program, *, signed: bool = False) -> str:
    """`1,240 points`; signed `+1,240 points`."""
    sign = "+" if signed and amount > 0 else ""
    return f"{sign}{grouped(amount)} {unit_of(code, program).lower()}"
