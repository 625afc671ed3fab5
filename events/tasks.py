"""What the clock and the publishing of pages ask for."""

from django.utils import timezone

from events.models import Challenge, Contest
from events.services.challenges import recount
from events.services.contests import close_contest
from events.services.reminders import remind_registered
from events.services.rendering import render_all_anew
from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("events.reminders", "*/15 * * * *")
@job
def send_reminders() -> None:
    """Remind members of tomorrow's events; who was told is not told again."""
    remind_registered()


@schedule("events.contests", "*/5 * * * *")
@job
def close_due_contests() -> None:
    """Count the votes of contests whose time is over; each is decided once."""
    for contest in Contest.objects.due(timezone.now()).order_by("pk"):
        close_contest(contest=contest)


@job
def recount_challenge(key: str) -> None:
    """Count anew after a published change of what counts, how often or when."""
    recount(challenge=Challenge.objects.get(key=key))


@job
def render_texts() -> int:
    """Render entries anew after the renderer has changed."""
    return render_all_anew()
