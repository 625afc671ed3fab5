"""The cost report as rows of a spreadsheet."""

from decimal import Decimal

from django.utils.translation import gettext as _

from badges.models import ExpiryMonth
from badges.program.money import cost_of, rounded
from badges.program.schema import Program
from badges.services.cost_report import CostLine, CostReport, Liability
from badges.services.labels import currency_label, rule_label


def cost_rows(
    *,
    report: CostReport,
    program: Program,
    used: dict,
    owed: list[Liability],
    months: list[ExpiryMonth],
) -> list[list[object]]:
    """The head, a row a line, the foot; below it what members hold now and when it expires.

    `used` holds the share of a budget, in percent, by (rule code, currency).
    """
    head: list[object] = [_("Period"), _("Rule"), _("Code"), _("Currency"), _("Paid")]
    head += [_("Taken back"), _("Net"), _("Cost"), _("Money"), _("Members"), _("Outcomes")]
    head += [_("Cost of one"), _("Budget used, %")]
    lines = [_row(line, program, used) for line in report.lines]
    foot = [_row(line, program, {}, label=_("In all")) for line in report.foot]
    return [head, *lines, *foot, [], *_owed(owed, program), *_expiring(months, program)]


def _row(line: CostLine, program: Program, used: dict, label: str = "") -> list[object]:
    name = label or rule_label(line.rule_code, program)
    share = used.get((line.rule_code, line.currency), "")
    cost, money = _money(line.cost(program))
    each, _money_again = _money(line.cost_each(program))
    figures: list[object] = [line.paid, line.back, line.net, cost, money, line.members]
    period = line.period.isoformat() if line.period else ""
    where = [period, name, line.rule_code, currency_label(line.currency, program)]
    return [*where, *figures, line.outcomes, each, share]


def _owed(owed: list[Liability], program: Program) -> list[list[object]]:
    head: list[object] = [_("Members hold now"), _("Currency"), _("Available"), _("Waiting")]
    head += [_("In all"), _("Cost"), _("Money")]
    return [
        head,
        *(
            [
                "",
                currency_label(one.currency, program),
                one.balance,
                one.held,
                one.total,
                *_money(one.cost(program)),
            ]
            for one in owed
        ),
    ]


def _expiring(months: list[ExpiryMonth], program: Program) -> list[list[object]]:
    if not months:
        return []
    head: list[object] = [_("Expires in"), _("Currency"), _("In all"), _("Cost"), _("Money")]
    return [
        [],
        head,
        *(
            [
                f"{one.month:%Y-%m}",
                currency_label(one.currency, program),
                one.amount,
                *_money(cost_of([(one.currency, one.amount)], program)),
            ]
            for one in months
        ),
    ]


def _money(sums: dict[str, Decimal]) -> tuple[object, str]:
    for code, amount in sums.items():
        return rounded(amount, code), code
    return "", ""
