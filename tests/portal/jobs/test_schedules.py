import threading
from datetime import UTC, datetime, timedelta

import pytest
from cronsim import CronSimError
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django_tasks_db.models import DBTaskResult

from portal.jobs.models import ScheduleSlot
from portal.jobs.retries import job
from portal.jobs.schedules import SCHEDULES, schedule, tick
from tests.portal.jobs.sample_jobs import note
from tests.portal.jobs.sample_jobs import ran as trace

NOON = datetime(2026, 7, 1, 12, 0, 30, tzinfo=UTC)


@job
def every_minute():
    trace.append("minute")


@pytest.fixture
def only_minutes(monkeypatch):
    monkeypatch.setattr("portal.jobs.schedules.SCHEDULES", {})
    schedule("test.minute", "* * * * *", "UTC")(every_minute)


@pytest.mark.django_db
def test_tick_fires_each_moment_once(only_minutes, ran):
    fired = [tick(NOON + timedelta(seconds=seconds)) for seconds in (0, 5, 29, 31, 60, 91)]

    assert fired == [["test.minute"], [], [], ["test.minute"], [], ["test.minute"]]
    assert ran == ["minute"] * 3


@pytest.mark.django_db
def test_tick_leaves_out_what_is_long_past(monkeypatch, ran):
    monkeypatch.setattr("portal.jobs.schedules.SCHEDULES", {})
    schedule("test.month", "0 0 1 1 *", "UTC")(every_minute)

    assert tick(NOON) == []


@pytest.mark.django_db
def test_tick_follows_the_clock_of_the_zone(monkeypatch, ran):
    monkeypatch.setattr("portal.jobs.schedules.SCHEDULES", {})
    schedule("test.morning", "0 9 * * *", "Europe/Istanbul")(every_minute)
    tick(NOON)

    assert ScheduleSlot.objects.get().due_at == datetime(2026, 7, 1, 6, tzinfo=UTC)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_tick_of_many_workers_fires_once(in_database, only_minutes):
    barrier = threading.Barrier(4)

    def work():
        barrier.wait()
        tick(NOON)
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ScheduleSlot.objects.count() == 1
    assert DBTaskResult.objects.filter(task_path__endswith="every_minute").count() == 1


def test_schedule_refuses_a_wrong_line():
    with pytest.raises(CronSimError):
        schedule("test.wrong", "61 * * * *")(note)
    assert "test.wrong" not in SCHEDULES


def test_schedule_refuses_a_name_twice(only_minutes):
    with pytest.raises(ImproperlyConfigured):
        schedule("test.minute", "* * * * *")(note)


def test_schedules_of_the_house_are_registered():
    assert SCHEDULES["jobs.prune"].task.module_path == "portal.jobs.tasks.prune"
