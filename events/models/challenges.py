from collections.abc import Collection
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.activity.bundles import Answer, Bundle

# Asked with every activity, so it is not put together anew each time.
COUNTING = (
    "SELECT id, verbs FROM events_challenge WHERE is_open = %s AND starts_at <= %s AND ends_at > %s"
)


class ChallengeQuerySet(models.QuerySet):
    def running(self, now: datetime) -> Self:
        return self.filter(is_open=True, starts_at__lte=now, ends_at__gt=now)

    def ask_counting(self, *, since: datetime, until: datetime, bundle: Bundle) -> Answer:
        """Ids and verbs of the challenges that count what happens at some time in between."""
        adapted = connection.ops.adapt_datetimefield_value
        return bundle.ask(COUNTING, [True, adapted(until), adapted(since)])


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

    def counts(self, *, verb: str, at: datetime) -> bool:
        """Whether a fact with this verb counts that happened at `at`."""
        return verb in self.verbs and self.starts_at <= at < self.ends_at

    def has_started(self, now: datetime | None = None) -> bool:
        return self.starts_at <= (now or timezone.now())

    def has_ended(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())

    def is_joinable(self, now: datetime | None = None) -> bool:
        """Members may join before the start, so that nothing of it is lost to them."""
        return self.is_open and not self.has_ended(now)


class ParticipationQuerySet(models.QuerySet):
    def of_members(self, member_ids: Collection[int], *, challenges: Collection[int]) -> Any:
        """How these members stand in these challenges (their ids)."""
        rows = self.filter(member_id__in=member_ids, challenge_id__in=challenges)
        return rows.select_related("challenge").order_by("pk")

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
