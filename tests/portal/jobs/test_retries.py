from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from portal.jobs.worker import JobWorker
from tests.portal.jobs.sample_jobs import fail_otherwise, fail_until, note

pytestmark = pytest.mark.django_db(transaction=True)


def statuses():
    rows = DBTaskResult.objects.order_by("enqueued_at")
    return [str(row.status) for row in rows]


def test_job_runs_at_once_in_tests(ran):
    note.enqueue("a")

    assert ran == ["a"]


def test_job_runs_when_a_worker_takes_it(in_database, no_schedules, ran):
    note.enqueue("a")
    assert ran == []

    assert JobWorker().run_once() == 1
    assert ran == ["a"]
    assert JobWorker().run_once() == 0


def test_job_that_fails_is_tried_again_later(in_database, no_schedules, ran, quiet):
    fail_until.enqueue("b", 2)
    assert JobWorker().run_once() == 1
    assert statuses() == ["FAILED", "READY"]

    retry = DBTaskResult.objects.get(status="READY")
    wait = retry.run_after - timezone.now()
    assert timedelta() < wait < timedelta(seconds=3.1)
    with time_machine.travel(retry.run_after + timedelta(seconds=1), tick=False):
        JobWorker().run_once()

    assert statuses() == ["FAILED", "SUCCESSFUL"]
    assert ran == ["b", "b"]


def test_job_is_given_up_after_its_attempts(in_database, no_schedules, ran, quiet):
    fail_until.enqueue("c", 99)
    for minutes in range(5):
        with time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False):
            JobWorker().run_once()

    assert ran == ["c"] * 3
    assert statuses() == ["FAILED"] * 3


def test_job_is_not_tried_again_for_other_errors(in_database, no_schedules, ran, quiet):
    fail_otherwise.enqueue()
    JobWorker().run_once()

    assert (ran, statuses()) == (["otherwise"], ["FAILED"])


def test_job_fails_once_where_nothing_can_wait(ran, quiet):
    result = fail_until.enqueue("d", 2)

    assert (ran, result.status) == (["d"], TaskResultStatus.FAILED)


def test_job_backs_off_up_to_its_cap():
    from portal.jobs.retries import _seconds

    waits = [_seconds(attempt, 2.0, 10.0) for attempt in (1, 2, 3, 9)]
    for wait, middle in zip(waits, (2, 4, 8, 10), strict=True):
        assert middle * 0.5 <= wait <= middle * 1.5
