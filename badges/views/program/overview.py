from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from badges.models import ProgramVersion
from badges.program.differences import differences
from badges.program.schema import Program
from badges.program.sentences import name_of, rule_name
from badges.services.costs import budgets, paid_by_rule
from badges.services.programs import open_desk
from badges.views.program.anomalies import anomaly_lines
from badges.views.program.pages import manages_program, page
from portal.activity.registry import verb_label


@manages_program
def overview(request: HttpRequest) -> HttpResponse:
    version = ProgramVersion.objects.published().select_related("published_by").first()
    _pk, program = ProgramVersion.objects.current()
    desk = open_desk()
    changes = differences(program, desk.program, verb_label) if desk.is_draft else []
    return page(
        request,
        "overview.html",
        title=_("Programme"),
        trail=None,
        version=version,
        has_draft=desk.is_draft,
        changes=changes,
        paid=_paid(program),
        unusual=anomaly_lines(program),
        budgets=[_budget(line, program) for line in budgets(program)],
        sections=_sections(desk.program),
    )


def _sections(program: Program) -> list[dict]:
    kinds: list[tuple[str, list, str]] = [
        (_("Rules"), program.rules, "programme:rule_list"),
        (_("Badges"), program.badges, "programme:badge_list"),
        (_("Levels"), program.levels, "programme:level_list"),
        (_("Seasons"), program.seasons, "programme:season_list"),
        (_("Currencies"), list(program.currencies), "programme:currency_list"),
    ]
    return [
        {"label": label, "count": len(parts), "url": reverse(name)} for label, parts, name in kinds
    ]


def _reason(code: str, program: Program) -> str:
    rule = program.rules_by_code.get(code)
    return rule_name(rule, verb_label) if rule else code


def _unit(code: str, program: Program) -> str:
    currency = program.currencies.get(code)
    return name_of(currency) if currency else code


def _paid(program: Program) -> list[dict]:
    return [
        {
            "name": _reason(line.rule_code, program),
            "unit": _unit(line.currency, program),
            "amount": line.amount,
            "times": line.times,
        }
        for line in paid_by_rule()
    ]


def _budget(line: Any, program: Program) -> dict:
    name, unit = _reason(line.rule_code, program), _unit(line.currency, program)
    return {"name": name, "unit": unit, "line": line}
