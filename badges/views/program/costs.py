"""What the programme has cost: what rules paid, by rule and period, and what members hold."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from badges.forms.costs import CostForm
from badges.models import ExpiryMonth, ProgramVersion
from badges.program.money import cost_of, sums_text
from badges.program.schema import Program
from badges.program.sentences import name_of
from badges.services.cost_report import (
    CostLine,
    CostReport,
    Liability,
    cost_report,
    expiring_months,
    liabilities,
)
from badges.services.cost_table import cost_rows
from badges.services.costs import budgets
from badges.services.labels import amount_text, currency_label, rule_label
from badges.services.lifts import Lift, lifts
from badges.services.past import Stretch
from badges.services.stretches import stretch_of
from badges.views.program.pages import manages_program, page
from portal.ui.sheets import XLSX, to_xlsx


@manages_program
@require_GET
def cost_list(request: HttpRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    form = CostForm(request.GET, zone=program.zone)
    stretch, report = _report(form, program)
    used = _used(program)
    return page(
        request,
        "costs.html",
        title=_("Costs"),
        icon="clipboard-list",
        form=form,
        media=form.media,
        query=request.GET.urlencode(),
        periods=list(_periods(program)),
        lines=[_line(line, program, used) for line in report.lines],
        foot=[_line(line, program, {}) for line in report.foot],
        is_split=any(line.period for line in report.lines),
        owed=[_owed(one, program) for one in liabilities(program)],
        months=[_month(one, program) for one in expiring_months(program)],
        lifts=[_lift(one, program) for one in lifts(program=program, stretch=stretch)],
    )


@manages_program
@require_GET
def cost_export(request: HttpRequest) -> HttpResponse:
    _pk, program = ProgramVersion.objects.current()
    _stretch, report = _report(CostForm(request.GET, zone=program.zone), program)
    rows = cost_rows(
        report=report,
        program=program,
        used=_used(program),
        owed=liabilities(program),
        months=expiring_months(program),
    )
    headers = {"Content-Disposition": 'attachment; filename="costs.xlsx"'}
    return HttpResponse(to_xlsx(rows, title=_("Costs")), content_type=XLSX, headers=headers)


def _report(form: CostForm, program: Program) -> tuple[Stretch, CostReport]:
    days = form.days
    since, until = days["since"].isoformat(), days["until"].isoformat()
    stretch = stretch_of(program, since=since, until=until)
    split = days.get("split", "")
    return stretch, cost_report(stretch=stretch, program=program, split=split)


def _used(program: Program) -> dict[tuple[str, str], int]:
    return {(line.rule_code, line.currency): line.percent for line in budgets(program)}


def _periods(program: Program) -> Iterator[dict]:
    """The periods that are asked for most, as links."""
    today = timezone.localdate(timezone=program.zone)
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    yesterday, former = monday - timedelta(days=1), first - timedelta(days=1)
    yield _period(_("This week"), monday, today)
    yield _period(_("Last week"), monday - timedelta(days=7), yesterday)
    yield _period(_("This month"), first, today)
    yield _period(_("Last month"), former.replace(day=1), former)
    for season in program.seasons:
        yield _period(name_of(season), season.starts_on, season.ends_on)


def _period(label: str, since: date, until: date) -> dict:
    days = {"since": since.isoformat(), "until": until.isoformat()}
    return {"label": label, "query": urlencode(days)}


def _line(line: CostLine, program: Program, used: dict) -> dict:
    return {
        "line": line,
        "period": date_format(line.period) if line.period else "",
        "name": rule_label(line.rule_code, program),
        "unit": currency_label(line.currency, program),
        "cost": sums_text(line.cost(program)),
        "each": sums_text(line.cost_each(program)),
        "used": used.get((line.rule_code, line.currency)),
    }


def _owed(one: Liability, program: Program) -> dict:
    waiting = amount_text(one.held, one.currency, program) if one.held else ""
    return {
        "text": amount_text(one.total, one.currency, program),
        "waiting": waiting,
        "cost": sums_text(one.cost(program)),
    }


def _month(one: ExpiryMonth, program: Program) -> dict:
    return {
        "month": date_format(one.month, "YEAR_MONTH_FORMAT"),
        "text": amount_text(one.amount, one.currency, program),
        "cost": sums_text(cost_of([(one.currency, one.amount)], program)),
        "counted_on": one.counted_on,
    }


def _lift(one: Lift, program: Program) -> dict[str, Any]:
    low, high = one.bounds if one.is_enough else (0.0, 0.0)
    return {
        "lift": one,
        "name": rule_label(one.rule_code, program),
        "paid": _percent(one.paid.rate),
        "control": _percent(one.control.rate),
        "difference": _points(one.difference),
        "low": _points(low),
        "high": _points(high),
        "is_sure": low > 0 or high < 0,
    }


def _percent(share: float) -> str:
    return _("%(n)s %%") % {"n": number_format(share * 100, decimal_pos=1)}


def _points(share: float) -> str:
    sign = "+" if share > 0 else ""
    return f"{sign}{number_format(share * 100, decimal_pos=1)}"
