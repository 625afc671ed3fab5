"""Jobs by the clock: any number of workers tick, each due moment fires once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks.base import Task

from portal.jobs.models import ScheduleSlot

# A moment missed by more, while no worker ran, is left out.
LOOKBACK = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Schedule:
    name: str
    cron: str
    tz: ZoneInfo
    task: Task

    def due_at(self, now: datetime) -> datetime:
        """Return the last moment before `now`, by the wall clock of the schedule's zone."""
        return next(CronSim(self.cron, now.astimezone(self.tz), reverse=True)).astimezone(UTC)


SCHEDULES: dict[str, Schedule] = {}


def schedule(name: str, cron: str, tz: str | None = None) -> Callable[[Task], Task]:
    """Register a job to run by a cron line; stands above `@job`.

    `tz` is the zone whose clock the line means, the programme's by default. The module must
    be imported in its app's `ready()`.
    """

    def register(made: Task) -> Task:
        known = SCHEDULES.get(name)
        if known and known.task.module_path != made.module_path:
            raise ImproperlyConfigured(f"Two schedules are called {name}.")
        zone = ZoneInfo(tz or str(getattr(settings, "PROGRAM_TIMEZONE", settings.TIME_ZONE)))
        entry = Schedule(name=name, cron=cron, tz=zone, task=made)
        entry.due_at(datetime(2026, 1, 1, tzinfo=UTC))
        SCHEDULES[name] = entry
        return made

    return register


def tick(now: datetime | None = None) -> list[str]:
    """Enqueue what has fallen due and return the names; twice is as good as once."""
    now = now or timezone.now()
    recent = ScheduleSlot.objects.filter(due_at__gte=now - LOOKBACK)
    fired = set(recent.values_list("name", "due_at"))
    due = [(entry, entry.due_at(now)) for entry in SCHEDULES.values()]
    return [
        entry.name
        for entry, due_at in due
        if due_at >= now - LOOKBACK and (entry.name, due_at) not in fired and _fire(entry, due_at)
    ]


def _fire(entry: Schedule, due_at: datetime) -> bool:
    """Claim the slot and enqueue in one transaction; the constraint elects one worker."""
    try:
        with transaction.atomic():
            ScheduleSlot.objects.create(name=entry.name, due_at=due_at)
            entry.task.enqueue()
    except IntegrityError:
        return False
    return True
