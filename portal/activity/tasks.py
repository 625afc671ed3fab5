"""What the clock asks of the log."""

from portal.activity.services import dispatch_pending
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("activity.dispatch", "* * * * *")
@job(attempts=1, priority=10)
def send_what_was_left() -> None:
    """Send on what a crash left between its commit and its award; what was sent is left alone."""
    dispatch_pending()
