from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.api.models.keys import Application


class Call(models.Model):
    """An unsafe call under its idempotency key, and once it is done the answer that it was given.

    `claim` names who is at work on it; the answer is written in the transaction of the effect.
    Answered calls are kept, so a key means the same call for ever.
    """

    application = models.ForeignKey(Application, models.PROTECT, related_name="calls")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    claim = models.UUIDField()
    claimed_at = models.DateTimeField(default=timezone.now)
    status = models.PositiveSmallIntegerField(null=True)
    content_type = models.CharField(max_length=80, blank=True)
    body = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("call")
        verbose_name_plural = _("calls")
        constraints = [
            models.UniqueConstraint(fields=["application", "key"], name="api_call_is_made_once"),
            models.CheckConstraint(
                condition=Q(status=None, answered_at=None)
                | Q(status__isnull=False, answered_at__isnull=False),
                name="api_answer_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.application_id}: {self.key}"
