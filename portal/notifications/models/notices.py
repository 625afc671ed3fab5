from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class NoticeQuerySet(models.QuerySet):
    def for_list(self, member):
        """A member's inbox, newest first, on the index (recipient, -sequence)."""
        return self.filter(recipient=member).order_by("-sequence")

    def unread(self, member):
        return self.filter(recipient=member, read_at=None)

    def unshown(self, member):
        """What has not yet appeared as a toast, oldest first."""
        return self.filter(recipient=member, shown_at=None, is_toast=True).order_by("sequence")


class Notice(models.Model):
    """One thing that a member is told: stored first, delivered afterwards.

    `payload` holds codes and ids; words are made when it is shown, in the reader's language.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", verbose_name=_("member")
    )
    kind = models.CharField(max_length=60)
    activity = models.ForeignKey("activity.Activity", models.PROTECT, null=True, blank=True)
    payload = models.JSONField(default=dict)
    sequence = models.PositiveBigIntegerField()
    is_toast = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "recipient", "kind"], name="notifications_told_once"
            ),
            models.UniqueConstraint(
                fields=["recipient", "sequence"], name="notifications_sequence_is_unique"
            ),
        ]
        indexes = [
            models.Index(
                fields=["recipient", "sequence"],
                condition=Q(shown_at=None, is_toast=True),
                name="notifications_unshown",
            ),
            models.Index(
                fields=["recipient"], condition=Q(read_at=None), name="notifications_unread"
            ),
        ]

    def __str__(self):
        return f"{self.kind} for {self.recipient_id}"


class NoticeStream(models.Model):
    """The counter behind the sequence of a member's notices."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True)
    last_sequence = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return f"{self.member_id}: {self.last_sequence}"


class Delivery(models.Model):
    """One try to bring a message to somebody by one channel; failures stay visible to staff."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        SKIPPED = "skipped", _("Not wanted")

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="deliveries"
    )
    notice = models.ForeignKey(Notice, models.PROTECT, null=True, blank=True)
    kind = models.CharField(max_length=60)
    channel = models.CharField(max_length=20, default="email")
    key = models.CharField(max_length=200, unique=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")

    def __str__(self):
        return f"{self.kind} by {self.channel}"
