"""What the workers of all hosts agree on: which schedules have fired, who is alive."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ScheduleSlot(models.Model):
    """One firing of a schedule; whoever creates the row enqueues the job."""

    name = models.CharField(_("schedule"), max_length=100)
    due_at = models.DateTimeField(_("due at"), db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("schedule slot")
        verbose_name_plural = _("schedule slots")
        constraints = [
            models.UniqueConstraint(fields=["name", "due_at"], name="jobs_slot_fires_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.due_at:%Y-%m-%d %H:%M}"


class WorkerBeat(models.Model):
    """A sign of life; the jobs of a worker without a fresh one are run again."""

    worker_id = models.CharField(_("worker"), max_length=64, primary_key=True)
    seen_at = models.DateTimeField(_("seen at"), db_index=True)

    class Meta:
        default_permissions = ()
        verbose_name = _("worker beat")
        verbose_name_plural = _("worker beats")

    def __str__(self) -> str:
        return self.worker_id
