"""Telling staff that the ledger does not add up."""

import structlog
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from badges.services.managers import responsible
from badges.services.verification import Problem, verify
from portal.notifications.models import Notice
from portal.notifications.registry import NoticeText
from portal.notifications.services import Message, notify_all

logger = structlog.get_logger(__name__)
ALARM_NOTICE = "badges.ledger_alarm"
SHOWN = 5


@transaction.atomic
def verify_and_tell() -> list[Problem]:
    """Recount the ledger and tell everybody who runs the programme of what does not add up."""
    problems = verify()
    if not problems:
        return []
    first = [f"{problem.invariant}: {problem.message}" for problem in problems[:SHOWN]]
    logger.error("ledger_does_not_add_up", differences=len(problems), first=first)
    payload = {"count": len(problems), "first": first}
    notify_all([Message(member, ALARM_NOTICE, None, payload) for member in responsible()])
    return problems


def describe_alarm(notice: Notice) -> NoticeText:
    """The notice to staff, in the language in force."""
    count = notice.payload["count"]
    text = ngettext(
        "The ledger does not add up: %(count)s difference",
        "The ledger does not add up: %(count)s differences",
        count,
    )
    way = _("Run “manage.py verify_ledger” and “manage.py replay_activities --dry-run”.")
    return NoticeText(
        title=text % {"count": count},
        body="\n".join([*notice.payload["first"], way]),
        icon="alert-triangle",
    )
