from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DraftStep(models.Model):
    """Somebody changed the draft, or threw it away. Never changed itself (triggers).

    `changes` names what was touched by kind and code: `{"rules": ["idea-posted"]}`.
    """

    class Kind(models.TextChoices):
        KEPT = "kept", _("Draft changed")
        DISCARDED = "discarded", _("Draft discarded")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    changes = models.JSONField(default=dict)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-taken_at"], name="badges_draft_steps")]

    def __str__(self):
        return f"{self.kind} at {self.taken_at:%Y-%m-%d %H:%M}"
