"""What the clock asks of the programme."""

from badges.services.alarms import verify_and_tell
from badges.services.budgeting import warn_of_all
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("badges.verify", "43 3 * * *")
@job(attempts=1, priority=-50)
def verify_every_night() -> None:
    """Recount the whole ledger; staff are told of a difference the same night."""
    verify_and_tell()


@schedule("badges.budgets", "17 * * * *")
@job(attempts=1, priority=-50)
def warn_of_budgets() -> None:
    """Tell staff of budgets of which an award could not tell them."""
    warn_of_all()
