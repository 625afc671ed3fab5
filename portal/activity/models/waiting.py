from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WaitingReversal(models.Model):
    """A reversal that came from outside before what it undoes.

    When the original comes, it is recorded, pays nothing and is undone at once; `met_at` says when.
    """

    source = models.CharField(max_length=40)
    key = models.CharField(max_length=240)
    reverses = models.CharField(max_length=240)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=80)
    object = models.CharField(max_length=120, blank=True)
    occurred_at = models.DateTimeField()
    content_hash = models.CharField(max_length=64)
    recorded_at = models.DateTimeField(default=timezone.now)
    met_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("waiting reversal")
        verbose_name_plural = _("waiting reversals")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="activity_waits_once"),
            models.UniqueConstraint(
                fields=["source", "reverses"],
                condition=Q(met_at=None),
                name="activity_one_reversal_waits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.key} undoes {self.reverses}"
