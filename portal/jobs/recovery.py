"""What a killed worker leaves behind is taken up by another."""

import logging
from datetime import timedelta

from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.jobs.models import WorkerBeat

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
# A job that was running each time a worker died probably kills them.
MAX_DEATHS = 3
POISON = "The job was given up: {deaths} workers ended while they ran it."


def beat(worker_id: str) -> None:
    """Say that this worker is alive."""
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": timezone.now()})


def leave(worker_id: str) -> None:
    """Say that this worker has ended and holds nothing."""
    WorkerBeat.objects.filter(worker_id=worker_id).delete()


def reap(lease: timedelta = LEASE) -> int:
    """Make the jobs of dead workers ready again and return their number.

    Dead is who has not beaten for `lease`. After `MAX_DEATHS` the job has failed instead.
    """
    limit = timezone.now() - lease
    alive = set(WorkerBeat.objects.filter(seen_at__gt=limit).values_list("worker_id", flat=True))
    running = DBTaskResult.objects.running().filter(started_at__lt=limit)
    orphans = [row for row in running if row.worker_ids and row.worker_ids[-1] not in alive]
    return sum(_release(row) for row in orphans)


def put_back(row: DBTaskResult) -> None:
    """Make a job ready again that its own worker has left; that is no death of a worker."""
    DBTaskResult.objects.filter(pk=row.pk).exclude(status=TaskResultStatus.SUCCESSFUL).update(
        status=TaskResultStatus.READY,
        started_at=None,
        finished_at=None,
        worker_ids=row.worker_ids[:-1],
        exception_class_path="",
        traceback="",
    )
    logger.warning("Job %s was cut short and is run again", row.task_path)


def _release(row: DBTaskResult) -> int:
    """Act only on the run that was seen; another reaper may have been first."""
    same = DBTaskResult.objects.running().filter(pk=row.pk, started_at=row.started_at)
    deaths = len(row.worker_ids)
    if deaths < MAX_DEATHS:
        logger.warning("Job %s of a dead worker is run again", row.task_path)
        return same.update(status=TaskResultStatus.READY)
    given_up = same.update(
        status=TaskResultStatus.FAILED,
        finished_at=timezone.now(),
        exception_class_path=f"{__name__}.MAX_DEATHS",
        traceback=POISON.format(deaths=deaths),
    )
    if given_up:
        logger.error("Job %s was given up after %d workers died", row.task_path, deaths)
    return 0
