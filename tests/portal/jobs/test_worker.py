import os
import signal
import threading
import time

import pytest
from django.core.management import call_command
from django.db import connection
from django_tasks_db.models import DBTaskResult

from portal.jobs.models import WorkerBeat
from portal.jobs.worker import JobWorker, start_embedded_worker, stop_embedded_worker
from tests.portal.jobs import sample_jobs

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition):
    limit = time.monotonic() + 10
    while not condition() and time.monotonic() < limit:
        time.sleep(0.02)
    assert condition()


def test_embedded_worker_runs_jobs_and_stops(in_database, no_schedules, ran):
    worker = start_embedded_worker(interval=0.02)
    assert start_embedded_worker() is worker
    sample_jobs.note.enqueue("embedded")
    wait_for(lambda: DBTaskResult.objects.successful().count() == 1)

    assert stop_embedded_worker()

    assert ran == ["embedded"]
    assert WorkerBeat.objects.count() == 0
    assert [thread for thread in threading.enumerate() if thread.name.startswith("jobs")] == []


def test_embedded_worker_finishes_the_job_under_way(in_database, no_schedules, ran):
    start_embedded_worker(interval=0.02)
    sample_jobs.wait.enqueue()
    assert sample_jobs.started.wait(10)
    threading.Timer(0.2, sample_jobs.release.set).start()

    assert stop_embedded_worker()
    assert ran == ["waited"]


def test_embedded_worker_is_not_needed_where_jobs_run_at_once():
    assert start_embedded_worker() is None
    assert stop_embedded_worker()


def test_worker_survives_an_error_of_the_database(in_database, no_schedules, monkeypatch, caplog):
    monkeypatch.setattr("portal.jobs.worker.PAUSE_AFTER_ERROR", 0.01)
    worker = JobWorker(interval=0.02)
    calls = []

    def run_next():
        calls.append(1)
        if len(calls) == 1:
            raise ConnectionError("gone")
        worker.stop()
        return False

    monkeypatch.setattr(worker, "run_next", run_next)
    worker.run()

    assert len(calls) == 2
    assert [record.message for record in caplog.records if record.levelname == "ERROR"] == [
        "The worker could not take a job"
    ]
    caplog.clear()


@pytest.mark.races
def test_workers_share_the_jobs_without_doubling(in_database, no_schedules, ran):
    for number in range(30):
        sample_jobs.note.enqueue(number)

    def work():
        JobWorker().run_once()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(ran) == list(range(30))
    assert DBTaskResult.objects.successful().count() == 30


def test_run_jobs_once_says_how_many(in_database, no_schedules, ran, capsys):
    sample_jobs.note.enqueue("one")
    call_command("run_jobs", "--once")
    sample_jobs.note.enqueue("two")
    sample_jobs.note.enqueue("three")
    call_command("run_jobs", "--once")

    assert capsys.readouterr().out == "1 job run\n2 jobs run\n"


def test_job_that_outlives_its_worker_is_run_again_by_the_next(
    in_database, no_schedules, ran, monkeypatch
):
    monkeypatch.setattr("portal.jobs.management.commands.run_jobs.JOB_WITHIN", 0.2)
    sample_jobs.started.clear()
    sample_jobs.wait.enqueue()

    def stop():
        sample_jobs.started.wait(10)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop).start()
    call_command("run_jobs", interval=0.02)

    [left] = DBTaskResult.objects.all()
    # It would have ended by itself after ten seconds, and then it would have run.
    assert (left.status, left.worker_ids, ran) == ("READY", [], [])
    sample_jobs.release.set()
    JobWorker().run_once()
    assert ran == ["waited"]
