"""What the draft would cost: over days of the past, and for one rule while it is being written."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from badges.forms.costs import DaysForm
from badges.program.money import cost_of, sums_text
from badges.program.schema import Program, Rule
from badges.services.forecasting import (
    Forecast,
    Shift,
    Side,
    badge_counts,
    forecast,
    rule_cost,
)
from badges.services.labels import amount_text, badge_label, currency_label, rule_label
from badges.services.programs import open_desk
from badges.views.program.pages import manages_program, page
from portal.accounts.models import Member

MOST_MEMBERS = 10


@manages_program
@require_GET
def draft_forecast(request: HttpRequest) -> HttpResponse:
    desk = open_desk()
    form = DaysForm(request.GET, zone=desk.program.zone)
    days = form.days
    found = forecast(desk=desk, since=days["since"], until=days["until"])
    return page(
        request,
        "forecast.html",
        title=_("What would this cost?"),
        icon="view",
        form=form,
        media=form.media,
        is_draft=desk.is_draft,
        is_compared=found.in_force is not None,
        short=_short_text(found) if found.is_short else "",
        totals=_totals(found),
        rules=_rules(found),
        badges=_badges(found),
        days=_days(found),
        ends=_ends(found),
        **_shifts(found),
    )


def rule_cost_text(rule: Rule, program: Program) -> str:
    """What a rule would have cost lately, in a sentence or two."""
    cost = rule_cost(rule=rule, program=program)
    if not cost.times:
        text = _("Over the last 30 days this rule would have paid nothing.")
    else:
        amounts = [amount_text(n, code, program) for code, n in sorted(cost.amounts.items())[::-1]]
        money = sums_text(cost_of(cost.amounts.items(), program))
        words = ngettext(
            "Over the last 30 days this rule would have paid %(amounts)s to %(n)s member.",
            "Over the last 30 days this rule would have paid %(amounts)s to %(n)s members.",
            cost.members,
        )
        told = _(" and ").join(amounts) + (f" ({money})" if money else "")
        text = words % {"amounts": told, "n": cost.members}
    if not cost.is_short:
        return text
    moment = cost.stretch.since.astimezone(program.zone)
    words = _("There were many activities: only the latest, since %(moment)s, were read.")
    return f"{text} {words % {'moment': date_format(moment, 'SHORT_DATETIME_FORMAT')}}"


def _short_text(found: Forecast) -> str:
    moment = found.stretch.since.astimezone(found.draft.program.zone)
    words = _(
        "There were more activities than this page reads: it looks at the latest, since %(moment)s."
    )
    return words % {"moment": date_format(moment, "SHORT_DATETIME_FORMAT")}


def _money(side: Side | None, pairs: Any) -> str:
    return sums_text(cost_of(pairs, side.program)) if side else ""


def _totals(found: Forecast) -> list[dict]:
    return [
        {
            "amounts": [
                amount_text(amount, code, side.program)
                for code, amount in sorted(side.report.amounts.items())[::-1]
            ],
            "money": _money(side, side.report.amounts.items()),
            "members": len(side.report.members),
            "badges": len(side.report.badges),
            "levels": len(side.report.levels),
        }
        for side in (found.draft, found.in_force)
        if side
    ]


def _rules(found: Forecast) -> list[dict]:
    draft, former = found.draft, found.in_force
    before: Counter = former.report.by_rule if former else Counter()
    pairs = {**draft.report.by_rule, **before}
    lines = [
        {
            "name": rule_label(code, draft.program, former.program if former else None),
            "unit": currency_label(currency, draft.program),
            "times": draft.report.times[code],
            "amount": draft.report.by_rule[code, currency],
            "money": _money(draft, [(currency, draft.report.by_rule[code, currency])]),
            "before": before[code, currency],
            "more": draft.report.by_rule[code, currency] - before[code, currency],
        }
        for code, currency in pairs
    ]
    return sorted(lines, key=lambda line: (-line["amount"], line["name"], line["unit"]))


def _badges(found: Forecast) -> list[dict]:
    now = badge_counts(found.draft.report)
    before = badge_counts(found.in_force.report) if found.in_force else Counter()
    former = found.in_force.program if found.in_force else None
    return [
        {
            "name": badge_label(code, found.draft.program, former),
            "n": now[code],
            "before": before[code],
        }
        for code in sorted({*now, *before})
    ]


def _days(found: Forecast) -> list[dict]:
    """Every day that was read, newest first, with what it would have cost."""
    program = found.draft.program
    first = found.stretch.since.astimezone(program.zone).date()
    last = (found.stretch.until - timedelta(microseconds=1)).astimezone(program.zone).date()
    days = [last - timedelta(days=n) for n in range((last - first).days + 1)]
    return [
        {
            "day": day,
            "cells": [_of_day(side, day) for side in (found.draft, found.in_force) if side],
        }
        for day in days
    ]


def _of_day(side: Side, day: Any) -> dict:
    amounts = {
        code: side.report.by_day[day, code]
        for code in side.program.currencies
        if side.report.by_day[day, code]
    }
    texts = [amount_text(amount, code, side.program) for code, amount in amounts.items()]
    return {"text": ", ".join(texts), "money": _money(side, amounts.items())}


def _ends(found: Forecast) -> list[str]:
    """The days on which budgets would have run out."""
    program = found.draft.program
    words = _("The budget of “%(name)s” would have run out on %(day)s.")
    return [
        words
        % {
            "name": rule_label(code, program),
            "day": date_format(moment.astimezone(program.zone).date()),
        }
        for code, moment in sorted(found.draft.report.budget_ends.items())
    ]


def _shifts(found: Forecast) -> dict:
    """Who would have had more and who less, the widest apart first."""
    shifts = found.shifts()
    winners = [shift for shift in shifts if shift.is_gain]
    losers = [shift for shift in reversed(shifts) if not shift.is_gain]
    shown = [*winners[:MOST_MEMBERS], *losers[:MOST_MEMBERS]]
    members = Member.objects.in_bulk({shift.member_id for shift in shown})

    def lines(some: list[Shift]) -> list[dict]:
        return [
            {
                "member": members[shift.member_id].display_name,
                "text": _shift_text(shift, found.draft.program),
            }
            for shift in some[:MOST_MEMBERS]
        ]

    return {
        "winners": lines(winners),
        "losers": lines(losers),
        "winning": len(winners),
        "losing": len(losers),
    }


def _shift_text(shift: Shift, program: Program) -> str:
    amounts = [(code, amount) for code, amount in shift.amounts.items() if amount]
    return ", ".join(amount_text(amount, code, program, signed=True) for code, amount in amounts)
