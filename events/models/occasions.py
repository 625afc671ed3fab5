from datetime import datetime
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class OccasionQuerySet(models.QuerySet):
    def open(self):
        """Those whose page is published in at least one language."""
        return self.filter(is_open=True)

    def registering(self, now: datetime) -> Self:
        """Those that still take registrations at `now`, seats left or not."""
        closes_later = Q(registration_closes_at=None) | Q(registration_closes_at__gt=now)
        return self.open().filter(closes_later, starts_at__gt=now)

    def with_seats(self):
        return self.filter(Q(capacity=None) | Q(seats_taken__lt=F("capacity")))


class Occasion(models.Model):
    """What an event has once for all its languages: its time, its seats and who has them.

    The facts are copied from the page when it is published; `seats_taken` moves only through a
    conditional update, and the constraint holds it below the capacity whatever happens.
    """

    key = models.UUIDField(unique=True)
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    time_zone = models.CharField(_("time zone"), max_length=50)
    registration_closes_at = models.DateTimeField(_("registration closes at"), null=True)
    capacity = models.PositiveIntegerField(_("capacity"), null=True)
    seats_taken = models.PositiveIntegerField(_("seats taken"), default=0)
    is_open = models.BooleanField(_("published"), default=True)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)

    objects = OccasionQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(seats_taken__lte=F("capacity")),
                name="events_seats_within_capacity",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="events_occasion_ends_after_start"
            ),
        ]
        indexes = [models.Index(fields=["starts_at"], name="events_occasion_start")]
        permissions = [("manage_event", "Can see registrations and mark who attended")]

    def __str__(self):
        return str(self.key)

    @property
    def object(self):
        """The name by which activities know this event."""
        return f"event:{self.key}"

    @property
    def zone(self):
        return ZoneInfo(self.time_zone)

    @property
    def seats_left(self):
        """How many seats are free, or None where there is room for everybody."""
        return None if self.capacity is None else max(0, self.capacity - self.seats_taken)

    @property
    def is_full(self):
        return self.seats_left == 0

    def has_started(self, now: datetime | None = None) -> bool:
        return self.starts_at <= (now or timezone.now())

    def has_ended(self, now: datetime | None = None) -> bool:
        return self.ends_at <= (now or timezone.now())

    def is_registering(self, now: datetime | None = None) -> bool:
        """Whether the time to register is now; seats are another question."""
        now = now or timezone.now()
        closes_at = self.registration_closes_at
        return self.is_open and self.starts_at > now and (closes_at is None or closes_at > now)


class RegistrationQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(state=Registration.State.REGISTERED)

    def for_export(self, occasion):
        """Everybody who registered for one event, in the order of registering."""
        rows = self.filter(occasion=occasion).select_related("member")
        return rows.order_by("registered_at", "pk")

    def faces(self, occasion):
        """Who goes, as far as they let others see it."""
        rows = self.standing().filter(occasion=occasion, member__is_listed=True)
        rows = rows.filter(member__is_active=True, member__closed_at=None)
        return rows.select_related("member").order_by("registered_at", "pk")


class Registration(models.Model):
    """A member's seat at one event; cancelling keeps the row, so that it can be undone."""

    class State(models.TextChoices):
        REGISTERED = "registered", _("Registered")
        CANCELLED = "cancelled", _("Cancelled")

    occasion = models.ForeignKey(Occasion, models.PROTECT, related_name="registrations")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="registrations",
        verbose_name=_("member"),
    )
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.REGISTERED
    )
    registered_at = models.DateTimeField(_("registered at"), default=timezone.now)
    cancelled_at = models.DateTimeField(_("cancelled at"), null=True)
    attended_at = models.DateTimeField(_("attended at"), null=True)
    reminded_at = models.DateTimeField(null=True)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(
                fields=["occasion", "member"], name="events_one_registration_a_member"
            ),
            models.CheckConstraint(
                condition=Q(state="registered", cancelled_at=None)
                | Q(state="cancelled", cancelled_at__isnull=False),
                name="events_cancelled_has_a_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["occasion", "registered_at", "id"], name="events_registration_list"
            )
        ]

    def __str__(self):
        return f"{self.member_id} at {self.occasion_id}"

    @property
    def is_standing(self):
        return self.state == self.State.REGISTERED
