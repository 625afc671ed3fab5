from datetime import datetime

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ChallengeQuerySet(models.QuerySet):
    def running(self, now: datetime):
        return self.filter(is_open=True, starts_at__lte=now, ends_at__gt=now)


class Challenge(models.Model):
    """A goal over activities, once for all its languages; copied from the page when published."""

    key = models.UUIDField(unique=True)
    verbs = models.JSONField(_("what counts"), default=list)
    goal = models.PositiveIntegerField(_("goal"), validators=[MinValueValidator(1)])
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    is_open = models.BooleanField(_("published"), default=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        verbose_name = _("challenge")
        verbose_name_plural = _("challenges")
        constraints = [
            models.CheckConstraint(condition=Q(goal__gte=1), name="events_challenge_has_a_goal"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_challenge_ends_after_start"
            ),
        ]

    def __str__(self):
        return str(self.key)

    @property
    def object(self):
        """The name by which activities know this challenge."""
        return f"challenge:{self.key}"

    def has_started(self, now: datetime | None = None) -> bool:
        return self.starts_at <= (now or timezone.now())

    def has_ended(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())

    def is_joinable(self, now: datetime | None = None) -> bool:
        """Members may join before the start, so that nothing of it is lost to them."""
        return self.is_open and not self.has_ended(now)


class ParticipationQuerySet(models.QuerySet):
    def counting(self, *, member_id: int, verb: str, at: datetime) -> list["Participation"]:
        """The member's challenges in which a fact with this verb counts that happened at `at`."""
        rows = self.filter(member_id=member_id, challenge__is_open=True)
        rows = rows.filter(challenge__starts_at__lte=at, challenge__ends_at__gt=at)
        rows = rows.select_related("challenge").order_by("pk")
        return [row for row in rows if verb in row.challenge.verbs]

    def faces(self, challenge):
        """Who takes part, the furthest first, as far as they let others see it."""
        rows = self.filter(challenge=challenge, member__is_listed=True)
        rows = rows.filter(member__is_active=True, member__closed_at=None)
        return rows.select_related("member").order_by("-progress", "joined_at", "pk")


class Participation(models.Model):
    """A member in a challenge. `progress` is a projection of the activity log."""

    challenge = models.ForeignKey(Challenge, models.PROTECT, related_name="participations")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="participations",
        verbose_name=_("member"),
    )
    progress = models.PositiveIntegerField(_("progress"), default=0)
    joined_at = models.DateTimeField(_("joined at"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.UniqueConstraint(
                fields=["challenge", "member"], name="events_one_participation_a_member"
            )
        ]
        indexes = [
            models.Index(fields=["challenge", "-progress"], name="events_participation_board")
        ]

    def __str__(self):
        return f"{self.member_id} in {self.challenge_id}"

    @property
    def is_finished(self):
        return self.finished_at is not None

    @property
    def shown_progress(self):
        """The progress towards the goal, not beyond it."""
        return min(self.progress, self.challenge.goal)
