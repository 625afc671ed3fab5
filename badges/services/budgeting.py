"""Telling staff that a budget comes to its end: at a half, at four fifths, and when it is gone."""

from collections.abc import Sequence

import structlog
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from badges.models import BudgetWarning, ProgramVersion
from badges.program.schema import Program
from badges.services.costs import Budget, budgets
from badges.services.labels import amount_text, rule_label
from badges.services.managers import responsible
from portal.activity.rows import insert_missing
from portal.notifications.models import Notice
from portal.notifications.registry import NoticeText
from portal.notifications.services import Message, notify_all

logger = structlog.get_logger(__name__)
BUDGET_NOTICE = "badges.budget_warning"
THRESHOLDS = (50, 80, 100)


def watch(line: Budget, *, before: int) -> None:
    """Warn after the commit if an award took a budget from `before` past a threshold.

    Asks nothing of the database, so an award costs the same with it.
    """
    if passed(line.used, line.total) != passed(before, line.total):
        transaction.on_commit(lambda: warn([line]), robust=True)


def passed(used: int, total: int) -> list[int]:
    """The thresholds, in percent, that a budget has reached."""
    return [share for share in THRESHOLDS if used * 100 >= share * total]


def warn(lines: Sequence[Budget]) -> None:
    """Tell everybody who runs the programme of thresholds of which they were not told.

    Once for each rule, currency, budget and threshold; of several at once only the highest is told.
    What fails is logged and made up for by the next `warn_of_all`: it never costs an award.
    """
    try:
        with transaction.atomic():
            _warn(lines)
    except DatabaseError:
        logger.exception("budget_warning_failed", rules=[line.rule_code for line in lines])


def warn_of_all() -> None:
    """The same for every budget in force."""
    _version, program = ProgramVersion.objects.current()
    warn(budgets(program))


def _warn(lines: Sequence[Budget]) -> None:
    rows = [
        BudgetWarning(
            rule_code=line.rule_code, currency=line.currency, budget=line.total, threshold=share
        )
        for line in lines
        for share in passed(line.used, line.total)
    ]
    insert_missing(rows, unique=["rule_code", "currency", "budget", "threshold"])
    highest = {(row.rule_code, row.currency): row for row in rows if row.pk}
    if not highest:
        return
    staff = list(responsible())
    notify_all(
        [
            Message(member, BUDGET_NOTICE, None, _payload(row))
            for row in highest.values()
            for member in staff
        ]
    )


def _payload(row: BudgetWarning) -> dict:
    names = ("rule_code", "currency", "budget", "threshold")
    return {name: getattr(row, name) for name in names}


def describe_budget(notice: Notice) -> NoticeText:
    """The notice to staff, in the language in force."""
    program: Program = notice.data
    told = notice.payload
    name = rule_label(told["rule_code"], program)
    if told["threshold"] == 100:
        title, body = _("The budget of “%(name)s” is used up"), _("It pays nothing any more.")
    else:
        title = _("%(percent)s %% of the budget of “%(name)s” are used")
        body = ""
    amount = amount_text(told["budget"], told["currency"], program)
    total = _("The budget is %(amount)s.") % {"amount": amount}
    return NoticeText(
        title=title % {"name": name, "percent": told["threshold"]},
        body=f"{body} {total}".strip(),
        url=reverse("programme:cost_list"),
        icon="alert-triangle",
        action=_("See the costs"),
    )
