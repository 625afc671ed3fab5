from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.notifications.registry import game_kinds

# The bell says "9+" beyond this, so nothing counts further.
MANY = 10


class NoticeQuerySet(models.QuerySet):
    def of(self, member):
        """What a member is told; without the game nothing of it."""
        notices = self.filter(recipient=member)
        return notices if member.is_playing else notices.exclude(kind__in=game_kinds())

    def for_list(self, member):
        """A member's inbox, newest first, on the index (recipient, -sequence)."""
        return self.of(member).select_related("activity").order_by("-sequence")

    def told_about(self, *, kind, about):
        """What anybody was told of one thing; the words are those of the index's condition."""
        return self.exclude(about="").filter(kind=kind, about=about)

    def unread(self, member):
        return self.of(member).filter(read_at=None)

    def unshown(self, member):
        """What has not yet appeared as a toast, oldest first."""
        return self.of(member).filter(shown_at=None, is_toast=True).order_by("sequence")


class Notice(models.Model):
    """One thing that a member is told: stored first, delivered afterwards.

    `payload` holds codes and ids; words are made when it is shown, in the reader's language.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="notices",
        verbose_name=_("member"),
        db_index=False,
    )
    kind = models.CharField(max_length=60)
    activity = models.ForeignKey(
        "activity.Activity", models.PROTECT, null=True, blank=True, db_index=False
    )
    payload = models.JSONField(default=dict)
    # What it is about, and the period where it may be told again: one notice of a kind for each.
    about = models.CharField(max_length=80, blank=True, default="", db_default="")
    sequence = models.PositiveBigIntegerField()
    is_toast = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True)
    # Which browser showed it (a hash of its session), so that another one may still show it live.
    shown_in = models.CharField(max_length=16, blank=True)
    read_at = models.DateTimeField(null=True)
    # What `Kind.prepare` fetched for many notices at once.
    data: Any

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "recipient", "kind"], name="notifications_told_once"
            ),
            models.UniqueConstraint(
                fields=["about", "kind", "recipient"],
                condition=~Q(about=""),
                name="notifications_told_once_about",
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


class CountOfSome(models.Subquery):
    """The number of rows of a sliced queryset: bounded, unlike a COUNT."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS few)"
    output_field = models.IntegerField()


class NoticeStreamQuerySet(models.QuerySet):
    def last_sequence_of(self, member_id: int) -> int:
        """The number of a member's newest notice, 0 before the first."""
        row = self.filter(pk=member_id).values_list("last_sequence", flat=True).first()
        return row or 0

    def with_news(self, member):
        """One query for a page: the last number, how many are unread, whether one is unshown."""
        unread = Notice.objects.unread(member).order_by().values("pk")
        unshown = Notice.objects.unshown(member).order_by().values("pk")
        return self.filter(pk=member.pk).annotate(
            unread=CountOfSome(unread[:MANY]), unshown=CountOfSome(unshown[:1])
        )


class NoticeStream(models.Model):
    """The counter behind the sequence of a member's notices."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True)
    last_sequence = models.PositiveBigIntegerField(default=0)

    objects = NoticeStreamQuerySet.as_manager()

    def __str__(self):
        return f"{self.member_id}: {self.last_sequence}"
