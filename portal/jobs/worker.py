"""The worker: one job at a time, with a side thread that beats, ticks and reaps."""

import atexit
import logging
import threading

from django.db import connections
from django.utils.crypto import get_random_string
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task_backends
from django_tasks_db import DatabaseBackend
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from django_tasks_db.utils import exclusive_transaction

from portal.jobs.recovery import beat, leave, put_back, reap
from portal.jobs.schedules import tick

logger = logging.getLogger(__name__)

INTERVAL = 0.5
BEAT_EVERY = 5.0
PAUSE_AFTER_ERROR = 5.0


class JobCutShort(BaseException):
    """This process ends before the job does. No error: jobs that try again do not catch it."""


class JobWorker(Worker):
    """Runs due jobs until `stop()`; a job under way is finished first."""

    def __init__(self, *, interval: float = INTERVAL) -> None:
        super().__init__(
            queue_names=["*"],
            interval=interval,
            batch=False,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
            excluded_queue_names=[],
        )
        self.stopping = threading.Event()
        self.was_cut_short = False

    def cut_short(self) -> None:
        """End the job under way, which must run in this thread; another worker runs it again."""
        self.was_cut_short = True
        raise JobCutShort

    def stop(self) -> None:
        self.stopping.set()

    def run(self) -> None:
        """Work until stopped; an unreachable database is waited for."""
        watch = threading.Thread(target=self._watch, name="jobs-watch", daemon=True)
        watch.start()
        try:
            while not self.stopping.is_set():
                self.stopping.wait(0 if self._try_next() else self.interval)
        finally:
            self.stop()
            watch.join(BEAT_EVERY)
            connections.close_all()

    def run_once(self) -> int:
        """Run everything that is due now, and what that enqueues, and return the number."""
        beat(self.worker_id)
        reap()
        tick()
        done = 0
        while not self.stopping.is_set() and self.run_next():
            done += 1
        leave(self.worker_id)
        return done

    def run_next(self) -> bool:
        """Claim one due job and run it; nothing is locked where none is due."""
        due = DBTaskResult.objects.ready().filter(backend_name=self.backend_name)
        if not due.exists():
            return False
        with exclusive_transaction(due.db):
            claimed = due.get_locked()
            if claimed is not None:
                claimed.claim(self.worker_id)
        if claimed is not None:
            self.run_task(claimed)
            if self.was_cut_short:
                put_back(claimed)
        return claimed is not None

    def _try_next(self) -> bool:
        try:
            return self.run_next()
        except Exception:
            logger.exception("The worker could not take a job")
            connections.close_all()
            self.stopping.wait(PAUSE_AFTER_ERROR)
            return False

    def _watch(self) -> None:
        """Beat, tick and reap beside a long job; says good-bye at the end."""
        try:
            while not self.stopping.is_set():
                self._try_watch()
                self.stopping.wait(BEAT_EVERY)
            leave(self.worker_id)
        except Exception:
            logger.exception("The worker could not say that it ends")
        finally:
            connections.close_all()

    def _try_watch(self) -> None:
        try:
            beat(self.worker_id)
            tick()
            reap()
        except Exception:
            logger.exception("The worker could not say that it lives")
            connections.close_all()


class EmbeddedWorker:
    """A worker in a thread of the server's own process."""

    def __init__(self, *, interval: float = INTERVAL) -> None:
        self.worker = JobWorker(interval=interval)
        self.thread = threading.Thread(target=self.worker.run, name="jobs", daemon=True)

    def stop(self, timeout: float = 10.0) -> bool:
        """Ask it to end, wait for the job under way and return whether it has ended."""
        self.worker.stop()
        self.thread.join(timeout)
        return not self.thread.is_alive()


_embedded: list[EmbeddedWorker] = []
_starting = threading.Lock()


def start_embedded_worker(*, interval: float = INTERVAL) -> EmbeddedWorker | None:
    """Start the process's one worker thread, or return the one that runs.

    None where jobs are not kept in the database and run by themselves.
    """
    if not isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        return None
    with _starting:
        if not _embedded or not _embedded[0].thread.is_alive():
            _embedded[:] = [EmbeddedWorker(interval=interval)]
            _embedded[0].thread.start()
        return _embedded[0]


def stop_embedded_worker(timeout: float = 10.0) -> bool:
    """Stop the process's worker thread, if it runs, and return whether none is left."""
    with _starting:
        return not _embedded or _embedded.pop().stop(timeout)


atexit.register(stop_embedded_worker, 1.0)
