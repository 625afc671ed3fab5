"""What members have read, watched and found helpful: by translation key, in every language."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MISSING_LENGTH = 1_000


class ReadingMark(models.Model):
    """A member has read an article to the end."""

    page_key = models.UUIDField(_("article"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reading_marks"
    )
    read_at = models.DateTimeField(_("read at"), default=timezone.now)

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "member"], name="knowledgebase_article_is_read_once"
            )
        ]

    def __str__(self):
        return f"{self.member_id} read {self.page_key}"


class Feedback(models.Model):
    """Whether a page helped, and what was missing; one word a member or a browser session."""

    page_key = models.UUIDField(_("page"), db_index=True)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="page_feedback",
    )
    session_key = models.CharField(max_length=40, blank=True)
    is_helpful = models.BooleanField(_("helped"))
    missing = models.TextField(_("what was missing"), max_length=MISSING_LENGTH, blank=True)
    language = models.CharField(_("language"), max_length=5)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(
                fields=["page_key", "member"],
                condition=Q(member__isnull=False),
                name="knowledgebase_one_feedback_a_member",
            ),
            models.UniqueConstraint(
                fields=["page_key", "session_key"],
                condition=Q(member=None),
                name="knowledgebase_one_feedback_a_session",
            ),
            models.CheckConstraint(
                condition=Q(member__isnull=False, session_key="")
                | (Q(member=None) & ~Q(session_key="")),
                name="knowledgebase_feedback_has_one_giver",
            ),
        ]

    def __str__(self):
        return f"{self.page_key}: {'+' if self.is_helpful else '-'}"


class WatchClock(models.Model):
    """Up to when a member's time is spent on watching; its row is the lock of their reports."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="watch_clock"
    )
    spent_until = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.member_id} until {self.spent_until}"


class WatchSession(models.Model):
    """One opened player; when it began is said by the server's clock alone."""

    video_key = models.UUIDField()
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="watch_sessions"
    )
    session = models.UUIDField()
    started_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["member", "video_key", "session"],
                name="knowledgebase_watch_session_begins_once",
            )
        ]

    def __str__(self):
        return f"{self.member_id}: {self.session}"


class WatchProgress(models.Model):
    """Which parts of a video a member has seen, as merged [from, to] pairs in milliseconds."""

    video_key = models.UUIDField(_("video"))
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="watch_progress"
    )
    intervals = models.JSONField(_("seen parts"), default=list)
    seen = models.PositiveIntegerField(_("seen milliseconds"), default=0)
    updated_at = models.DateTimeField(_("last watched at"), default=timezone.now)
    completed_at = models.DateTimeField(_("watched to the end at"), null=True, blank=True)

    class Meta:
        verbose_name = _("watching")
        verbose_name_plural = _("watchings")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["video_key", "member"], name="knowledgebase_one_progress_a_member"
            )
        ]

    def __str__(self):
        return f"{self.member_id} saw {self.seen} ms of {self.video_key}"

    def percent(self, duration: float) -> int:
        """How much of `duration` seconds was seen, in whole percent, rounded down."""
        return min(100, int(self.seen / (10 * duration))) if duration > 0 else 0
