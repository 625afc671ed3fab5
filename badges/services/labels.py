"""Codes of the programme as people read them, also where a part has gone meanwhile."""

from django.utils.translation import ngettext

from badges.program.schema import Program
from badges.program.sentences import name_of, rule_name
from badges.services.standing import POINTS
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


def currency_label(code: str, program: Program) -> str:
    """`Points`, as the head of a column."""
    currency = program.currencies.get(code)
    return name_of(currency) if currency else code


def level_label(code: str, program: Program) -> str:
    level = program.levels_by_code.get(code)
    return name_of(level) if level else code


def unit_of(code: str, program: Program) -> str:
    """`points`, behind a number."""
    return currency_label(code, program).lower() if code in program.currencies else code


def amount_text(amount: int, code: str, program: Program, *, signed: bool = False) -> str:
    """`1,240 points`, in the language in force; signed `+1,240 points`."""
    number = f"{'+' if signed and amount > 0 else ''}{grouped(amount)}"
    if code == POINTS:
        text = ngettext("%(amount)s point", "%(amount)s points", abs(amount))
        return text % {"amount": number}
    return f"{number} {unit_of(code, program)}"
