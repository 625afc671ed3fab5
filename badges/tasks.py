"""What the clock asks of the programme."""

from badges.services.alarms import verify_and_tell
from badges.services.budgeting import warn_of_all
from badges.services.expiring import expire_all
from badges.services.marks import keep_marks
from badges.services.releasing import end_holds
from badges.services.rings.finding import find_rings
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("badges.verify", "43 3 * * *")
@job(attempts=1, priority=-50)
def verify_every_night() -> None:
    """Recount the whole ledger; staff are told of a difference the same night."""
    verify_and_tell()


@schedule("badges.expire", "13 3 * * *")
@job(priority=-50)
def expire_every_night() -> None:
    """Announce what will expire, and move what is due; another run the same day adds nothing."""
    expire_all()


@schedule("badges.release", "*/10 * * * *")
@job(priority=-10)
def release_what_was_held() -> None:
    """End the holds whose time is over; each ends once, however often this runs."""
    end_holds()


@schedule("badges.budgets", "17 * * * *")
@job(attempts=1, priority=-50)
def warn_of_budgets() -> None:
    """Tell staff of budgets of which an award could not tell them."""
    warn_of_all()


@schedule("badges.marks", "* * * * *")
@job(attempts=1, priority=-20)
def keep_the_marks() -> None:
    """Keep ranks on large boards quick; they are right without it."""
    keep_marks()


@schedule("badges.rings", "23 4 * * *")
@job(attempts=1, priority=-60)
def find_rings_every_night() -> None:
    """Look for members who act as if they were one; the page shows what was found last."""
    find_rings()
