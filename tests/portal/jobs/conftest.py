import logging

import pytest

from tests.portal.jobs import sample_jobs


@pytest.fixture
def in_database(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}


@pytest.fixture
def no_schedules(monkeypatch):
    monkeypatch.setattr("portal.jobs.schedules.SCHEDULES", {})


@pytest.fixture(autouse=True)
def ran():
    sample_jobs.started.clear()
    sample_jobs.release.clear()
    sample_jobs.ran.clear()
    return sample_jobs.ran


@pytest.fixture
def quiet():
    """Failing jobs are what these tests are about."""
    loggers = [logging.getLogger(name) for name in ("django_tasks", "portal.jobs.retries")]
    for logger in loggers:
        logger.disabled = True
    yield
    for logger in loggers:
        logger.disabled = False
