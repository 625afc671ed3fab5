"""What the clock asks of the programme."""

from badges.services.alarms import verify_and_tell
from badges.services.marks import keep_marks
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("badges.verify", "43 3 * * *")
@job(attempts=1, priority=-50)
def verify_every_night() -> None:
    """Recount the whole ledger; staff are told of a difference the same night."""
    verify_and_tell()


@schedule("badges.marks", "* * * * *")
@job(attempts=1, priority=-20)
def keep_the_marks() -> None:
    """Keep ranks on large boards quick; they are right without it."""
    keep_marks()
