"""What the clock asks of the accounts."""

from portal.accounts.services.sessions import forget_ended_sessions
from portal.accounts.services.traces import forget_old_traces
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("accounts.traces", "37 4 * * *")
@job(priority=-50)
def forget_traces_every_night() -> None:
    """Delete the traces whose time is over; another run deletes nothing."""
    forget_old_traces()


@schedule("accounts.sessions", "27 4 * * *")
@job(priority=-50)
def forget_sessions_every_night() -> None:
    """Delete what sessions held that are over; another run deletes nothing."""
    forget_ended_sessions()
