"""Purchases: what members redeemed, and the facts about it."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from badges.models.rewards import Reward

# So long a member may take a redemption back, and so much longer their request may be on its way.
UNDO = timedelta(seconds=10)
ON_THE_WAY = timedelta(seconds=5)


class RedemptionQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(state__in=Redemption.STANDING)

    def waiting(self):
        """Those that wait for somebody of the team."""
        by_hand = Reward.Fulfilment.BY_HAND
        return self.filter(state=Redemption.State.PENDING, reward__fulfilment=by_hand)

    def for_member(self, member):
        """A member's own, newest first, with what a row shows."""
        rows = self.filter(member_id=member.pk).select_related("reward", "code")
        return rows.order_by("-pk")

    def for_queue(self, state: str) -> "RedemptionQuerySet":
        """Redemptions in one state, those that wait longest first; settled ones newest first."""
        rows = self.filter(state=state).select_related("reward", "member", "code")
        pending = state == Redemption.State.PENDING
        return rows.order_by("redeemed_at", "pk") if pending else rows.order_by("-pk")


class Redemption(models.Model):
    """A purchase: who redeemed what for how much, and where it stands.

    What happened is in its steps, which never change; `state` repeats the last of them, as a
    balance repeats its entries. `key` comes with the form: one form redeems once.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        GIVEN = "given", _("Given")
        RETURNED = "returned", _("Returned")
        CANCELLED = "cancelled", _("Cancelled")

    STANDING = (State.PENDING, State.GIVEN)

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="redemptions")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="redemptions")
    key = models.UUIDField()
    activity = models.OneToOneField("activity.Activity", models.PROTECT, related_name="redemption")
    currency = models.CharField(max_length=40)
    price = models.PositiveIntegerField()
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PENDING
    )
    redeemed_at = models.DateTimeField(_("redeemed at"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = RedemptionQuerySet.as_manager()

    # Set by the pages that show a row.
    undo_seconds: int
    unit: str
    cost: str

    class Meta:
        verbose_name = _("redemption")
        verbose_name_plural = _("redemptions")
        constraints = [
            models.UniqueConstraint(fields=["member", "key"], name="badges_form_redeems_once"),
            models.CheckConstraint(condition=Q(price__gt=0), name="badges_redemption_has_a_price"),
        ]
        indexes = [
            models.Index(fields=["state", "redeemed_at", "id"], name="badges_redemption_queue"),
            models.Index(fields=["member", "-id"], name="badges_redemptions_of"),
        ]

    def __str__(self):
        return f"{self.reward_id} for {self.member_id}: {self.state}"

    @property
    def is_standing(self):
        return self.state in self.STANDING

    @property
    def shown_code(self):
        """The code, once it was given; a code that still waits shows to nobody."""
        code = getattr(self, "code", None)
        return code.text if code and code.shown_at else ""

    def seconds_left(self, now: datetime) -> int:
        """For how long the member may still take it back, in whole seconds."""
        if self.state != self.State.PENDING:
            return 0
        return max(0, -int((now - self.redeemed_at - UNDO).total_seconds() // 1))


class RedemptionStep(models.Model):
    """A fact about a redemption: what it became, when, by whom. Never changed (triggers)."""

    redemption = models.ForeignKey(Redemption, models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=Redemption.State.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["redemption", "state"], name="badges_redemption_steps_once"
            ),
            models.UniqueConstraint(
                fields=["redemption"],
                condition=Q(state__in=["returned", "cancelled"]),
                name="badges_redemption_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["-taken_at"], name="badges_steps_lately")]

    def __str__(self):
        return f"{self.redemption_id} {self.state}"
