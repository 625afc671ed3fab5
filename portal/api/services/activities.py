"""Activities that a program sends: all of one call, or none."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.accounts.services.intake import Intake, Problem
from portal.accounts.services.lines import LineError, read_line
from portal.activity.registry import Speaker
from portal.activity.services import ActivityConflictError, Recorded
from portal.api.services.calls import InFlightError

TRIES = 3


class RefusedError(ValueError):
    """What is wrong with a call's activities; `place` in its problems is the index."""

    def __init__(self, problems: list[Problem]):
        super().__init__(_("%(count)s mistakes") % {"count": len(problems)})
        self.problems = problems


def take_in(*, source: str, activities: Sequence[Any], speaker: Speaker | None = None) -> Recorded:
    """Record a call's activities and judge them, in one transaction.

    A call says by itself what its source is, so who may say which verb is decided by the
    `speaker`, the application that holds the key, and not by the source's name.
    Raises RefusedError with nothing kept, and InFlightError where others keep bringing in the same
    ones at the same time.
    """
    lines, problems = [], []
    for index, data in enumerate(activities):
        try:
            lines.append(read_line(data, index))
        except LineError as error:
            problems.append(Problem(index, error.field, error.message))
    for _attempt in range(TRIES):
        try:
            with transaction.atomic():
                intake = Intake(source, speaker=speaker)
                found = sorted([*problems, *intake.problems_of(lines)])
                if found:
                    raise RefusedError(found)
                return intake.take_in(lines)
        except (ActivityConflictError, IntegrityError):
            continue  # somebody else's are in the log by now: look again
    raise InFlightError
