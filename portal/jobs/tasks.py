"""The jobs that keep the job tables small."""

from datetime import timedelta

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.jobs.models import ScheduleSlot, WorkerBeat
from portal.jobs.retries import job
from portal.jobs.schedules import schedule
from portal.resilience import kept

KEEP_SUCCESSFUL = timedelta(days=7)
KEEP_FAILED = timedelta(days=30)


@schedule("jobs.prune", "17 4 * * *")
@job(priority=-50)
def prune() -> None:
    """Forget finished jobs, past slots, signs of life of workers long gone, and ended limits."""
    now = timezone.now()
    DBTaskResult.objects.successful().filter(finished_at__lt=now - KEEP_SUCCESSFUL).delete()
    DBTaskResult.objects.failed().filter(finished_at__lt=now - KEEP_FAILED).delete()
    ScheduleSlot.objects.filter(due_at__lt=now - KEEP_FAILED).delete()
    WorkerBeat.objects.filter(seen_at__lt=now - KEEP_SUCCESSFUL).delete()
    kept.prune()
