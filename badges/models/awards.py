from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models.owners import Owned


class BadgeAward(Owned):
    """A badge given to an owner. It stays unless it is revoked with a reason."""

    badge_code = models.CharField(max_length=40)
    object = models.CharField(max_length=120, blank=True)
    activity = models.ForeignKey("activity.Activity", models.PROTECT, related_name="badge_awards")
    program = models.ForeignKey("badges.ProgramVersion", models.PROTECT, null=True)
    awarded_at = models.DateTimeField(_("given at"))
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("award")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "badge_code", "object"],
                condition=Q(revoked_at=None),
                name="badges_given_once",
            )
        ]
        indexes = [
            models.Index(fields=["badge_code", "-awarded_at"], name="badges_holders"),
            models.Index(
                fields=["-revoked_at"],
                condition=Q(revoked_at__isnull=False),
                name="badges_revoked_lately",
            ),
        ]

    def __str__(self):
        return f"{self.badge_code} for {self.owner_type} {self.owner_id}"
