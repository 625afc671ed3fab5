"""Points given or taken by hand: who asked, who agreed, what was moved, and the words for it."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class AdjustmentQuerySet(models.QuerySet):
    def waiting(self):
        """Those that wait for a second person."""
        return self.filter(is_approved=None)

    def for_list(self):
        """Newest first, with what a row shows."""
        rows = self.select_related("member", "asked_by", "decided_by", "words")
        return rows.order_by("-pk")


class Adjustment(models.Model):
    """Points that a member of staff gives or takes. A row never changes; it is decided once.

    `amount` is what was asked for, `moved` what then was moved: taking stops at what is there.
    `key` comes with the form: one form adjusts once.
    """

    class Reason(models.TextChoices):
        GOODWILL = "goodwill", _("A gesture of goodwill")
        CORRECTION = "correction", _("A mistake put right")
        PRIZE = "prize", _("A prize")
        OUTSIDE = "outside", _("Something done outside the portal")
        EXPIRED = "expired", _("Expired points given back")
        MISUSE = "misuse", _("Points against the rules")

    ONLY_GIVEN = (Reason.GOODWILL, Reason.PRIZE, Reason.OUTSIDE, Reason.EXPIRED)
    ONLY_TAKEN = (Reason.MISUSE,)

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="adjustments")
    currency = models.CharField(_("currency"), max_length=40)
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices)
    key = models.UUIDField()
    needs_second = models.BooleanField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)
    activity = models.OneToOneField(
        "activity.Activity", models.PROTECT, null=True, related_name="adjustment"
    )
    moved = models.BigIntegerField(null=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("adjustment")
        verbose_name_plural = _("adjustments")
        permissions = [("adjust_points", "Can give and take points by hand")]
        constraints = [
            models.UniqueConstraint(fields=["key"], name="badges_form_adjusts_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="badges_adjustment_moves"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="badges_adjusted_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(asked_by=F("member"))
                & (Q(decided_by=None) | ~Q(decided_by=F("member"))),
                name="badges_nobody_adjusts_themselves",
            ),
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(is_approved=None)
                | Q(is_approved=False)
                | Q(decided_by__isnull=False),
                name="badges_large_needs_a_second",
            ),
            models.CheckConstraint(
                condition=Q(is_approved=None, decided_at=None, activity=None, moved=None)
                | Q(is_approved=False, decided_at__isnull=False, activity=None, moved=None)
                | Q(
                    is_approved=True,
                    decided_at__isnull=False,
                    activity__isnull=False,
                    moved__isnull=False,
                ),
                name="badges_adjustment_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["is_approved", "-id"], name="badges_adjustment_queue")]

    def __str__(self):
        return f"{self.amount:+d} {self.currency} for {self.member_id}"

    @property
    def object(self):
        """The name by which activities know this adjustment."""
        return f"adjustment:{self.pk}"

    @property
    def is_short(self):
        """True where less was taken than was asked for."""
        return self.moved is not None and self.moved != self.amount


class AdjustmentWords(models.Model):
    """What staff wrote about an adjustment: kept apart from it, as words may be emptied."""

    adjustment = models.OneToOneField(Adjustment, models.PROTECT, related_name="words")
    note_en = models.CharField(_("note in English"), max_length=300, blank=True)
    note_tr = models.CharField(_("note in Turkish"), max_length=300, blank=True)
    answer = models.CharField(_("answer"), max_length=200, blank=True)

    def __str__(self):
        return f"words about {self.adjustment_id}"

    @property
    def note(self):
        """The note in the language in force, or in the other where it was written in one."""
        notes = [self.note_en, self.note_tr]
        if (get_language() or "").startswith("tr"):
            notes.reverse()
        return notes[0] or notes[1]


class AdjustmentUse(models.Model):
    """How much somebody of the staff asked for on a day: the counter behind the daily cap."""

    staff = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    day = models.DateField()
    currency = models.CharField(max_length=40)
    amount = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "day", "currency"], name="badges_cap_is_counted_once"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="badges_cap_use_is_positive"),
        ]

    def __str__(self):
        return f"{self.staff_id} on {self.day}: {self.amount} {self.currency}"
