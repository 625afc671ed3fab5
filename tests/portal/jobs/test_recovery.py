from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from portal.jobs.models import ScheduleSlot, WorkerBeat
from portal.jobs.recovery import LEASE, MAX_DEATHS, beat, leave, reap
from portal.jobs.tasks import prune
from portal.jobs.worker import JobWorker
from tests.portal.jobs.sample_jobs import note

pytestmark = pytest.mark.django_db


def running_job(*workers, ago=2 * LEASE):
    note.enqueue("orphan")
    row = DBTaskResult.objects.get(status="READY")
    row.status, row.worker_ids = "RUNNING", list(workers)
    row.started_at = timezone.now() - ago
    row.save()
    return row


def status(row):
    row.refresh_from_db()
    return str(row.status)


def test_reap_runs_the_job_of_a_dead_worker_again(in_database, no_schedules, ran):
    row = running_job("dead")

    assert reap() == 1
    assert status(row) == "READY"
    JobWorker().run_once()
    assert (ran, status(row)) == (["orphan"], "SUCCESSFUL")


def test_reap_leaves_a_living_worker_its_job(in_database):
    row = running_job("alive")
    beat("alive")

    assert (reap(), status(row)) == (0, "RUNNING")


def test_reap_leaves_a_job_that_has_just_begun(in_database):
    row = running_job("new", ago=LEASE / 2)

    assert (reap(), status(row)) == (0, "RUNNING")


def test_reap_takes_the_job_of_a_worker_that_fell_silent(in_database):
    row = running_job("silent")
    beat("silent")
    WorkerBeat.objects.update(seen_at=timezone.now() - 2 * LEASE)

    assert (reap(), status(row)) == (1, "READY")


def test_reap_gives_up_a_job_that_kills_its_workers(in_database, caplog):
    row = running_job(*[f"w{number}" for number in range(MAX_DEATHS)])

    assert (reap(), status(row)) == (0, "FAILED")
    assert row.traceback == "The job was given up: 3 workers ended while they ran it."
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    caplog.clear()


def test_beat_and_leave_keep_one_row_a_worker():
    beat("w")
    beat("w")
    assert WorkerBeat.objects.count() == 1
    leave("w")
    assert WorkerBeat.objects.count() == 0


def test_prune_forgets_only_what_is_old(in_database, no_schedules):
    note.enqueue("new")
    JobWorker().run_once()
    old = timezone.now() - timedelta(days=90)
    done = DBTaskResult.objects.get()
    ScheduleSlot.objects.create(name="old", due_at=old)
    WorkerBeat.objects.create(worker_id="old", seen_at=old)
    prune.call()
    assert DBTaskResult.objects.count() == 1

    DBTaskResult.objects.filter(pk=done.pk).update(finished_at=old)
    prune.call()

    assert DBTaskResult.objects.count() == 0
    assert not ScheduleSlot.objects.filter(name="old").exists()
    assert not WorkerBeat.objects.filter(worker_id="old").exists()
