"""A worker in a process of its own."""

import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.jobs.worker import INTERVAL, JobWorker


class Command(BaseCommand):
    _ends_at = float("inf")

    help = "Runs background jobs and schedules until it is stopped; any number may run at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run what is due now and end")
        parser.add_argument(
            "--interval", type=float, default=INTERVAL, help="seconds between two looks"
        )

    def handle(self, **options: Any) -> None:
        worker = JobWorker(interval=options["interval"])
        before = {number: self._stop_on(number, worker) for number in STOPPERS}
        before[signal.SIGALRM] = signal.signal(signal.SIGALRM, lambda *_: self._cut(worker))
        signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
        try:
            if options["once"]:
                done = worker.run_once()
                self.stdout.write(ngettext("%d job run", "%d jobs run", done) % done)
            else:
                self.stdout.write(_("Waiting for jobs. Stop with Ctrl+C."))
                worker.run()
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            for number, handler in before.items():
                signal.signal(number, handler)

    def _cut(self, worker: JobWorker) -> None:
        """End the job under way, once, where its time is over."""
        if worker.running_task and time.monotonic() > self._ends_at:
            self._ends_at = float("inf")
            worker.cut_short()

    def _stop_on(self, number: signal.Signals, worker: JobWorker) -> Any:
        """End after the job under way, if that ends soon; the second signal ends at once."""

        def stop(received: int, _frame: FrameType | None) -> None:
            worker.stop()
            signal.signal(received, signal.SIG_DFL)
            self._ends_at = time.monotonic() + JOB_WITHIN

        return signal.signal(number, stop)


# A restart takes five seconds: so long the job under way may take.
JOB_WITHIN = 3.0
# A signal that comes right before the main thread begins to wait is noticed after the wait, which
# may be a job's; the next tick ends the wait.
TICK = 0.5
STOPPERS = (signal.SIGINT, signal.SIGTERM)
