"""What the clock asks of pages."""

from io import StringIO

from django.core.management import call_command

from portal.jobs.retries import job
from portal.jobs.schedules import schedule


@schedule("cms.publishing", "*/5 * * * *")
@job
def publish_by_the_clock() -> None:
    """Publish what an editor planned, and take from the site whose time is over."""
    call_command("publish_scheduled", stdout=StringIO())
