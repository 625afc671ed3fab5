from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class DeliveryQuerySet(models.QuerySet):
    def failed(self):
        """What staff must look at, newest first."""
        return self.filter(state=Delivery.State.FAILED).order_by("-created_at", "-pk")


class Delivery(models.Model):
    """One try to bring a message to somebody by one channel; failures stay visible to staff."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Not wanted")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        verbose_name=_("member"),
    )
    notice = models.ForeignKey("notifications.Notice", models.PROTECT, null=True, blank=True)
    kind = models.CharField(_("kind"), max_length=60)
    channel = models.CharField(_("channel"), max_length=20, default="email")
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        indexes = [
            models.Index(
                fields=["-created_at"],
                condition=models.Q(state="failed"),
                name="notifications_failed",
            )
        ]
        permissions = [("resend_delivery", "Can send failed deliveries again")]

    def __str__(self):
        return f"{self.kind} by {self.channel}"
