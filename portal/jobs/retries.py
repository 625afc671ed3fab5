"""`@job`: a background task that is tried again, later and later, when it fails."""

import functools
import logging
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks import task
from django_tasks.base import Task

logger = logging.getLogger(__name__)


def job(
    function: Callable[..., Any] | None = None,
    *,
    attempts: int = 5,
    backoff: float = 2.0,
    cap: float = 3600.0,
    retry_on: tuple[type[Exception], ...] = (Exception,),
    **options: Any,
) -> Any:
    """Make a module-level function a task; call it with `.enqueue(…)`.

    After a failure it waits `backoff ** attempt` seconds, at most `cap`, give or take a half.
    A job may run more than once (its worker may die after the work and before the note), so
    it must be idempotent. Its arguments are kept as JSON. `options` are those of a task, such
    as `priority` and `queue_name`.
    """
    if function is None:
        return functools.partial(
            job, attempts=attempts, backoff=backoff, cap=cap, retry_on=retry_on, **options
        )

    @functools.wraps(function)
    def run(*args: Any, _attempt: int = 1, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except retry_on:
            if _attempt < attempts and made.get_backend().supports_defer:
                delay = timedelta(seconds=_seconds(_attempt, backoff, cap))
                later = made.using(run_after=timezone.now() + delay)
                later.enqueue(*args, _attempt=_attempt + 1, **kwargs)
                logger.warning("Job %s failed, attempt %d", made.module_path, _attempt)
            else:
                logger.error("Job %s was given up, attempt %d", made.module_path, _attempt)
            raise

    made: Task[..., Any] = task(**options)(run)
    return made


def _seconds(attempt: int, backoff: float, cap: float) -> float:
    return min(cap, backoff**attempt) * random.uniform(0.5, 1.5)
