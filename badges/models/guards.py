from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models.owners import Owned


class Claim(Owned):
    """A place taken: once per object, member or day, until a reversal releases it."""

    rule_code = models.CharField(max_length=40)
    bucket = models.CharField(max_length=140)
    activity = models.ForeignKey("activity.Activity", models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "owner_type", "owner_id", "bucket"],
                condition=Q(released_at=None),
                name="badges_claimed_once",
            )
        ]
        indexes = [models.Index(fields=["activity", "rule_code"], name="badges_claim_of")]

    def __str__(self):
        return f"{self.rule_code} {self.bucket}"


class LimitUse(Owned):
    """What a rule has paid an owner in one period: the counter behind a limit."""

    rule_code = models.CharField(max_length=40)
    currency = models.CharField(max_length=40)
    period = models.CharField(max_length=20)
    amount = models.BigIntegerField(default=0)
    times = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "rule_code", "currency", "period"],
                name="badges_limit_is_counted_once",
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, times__gte=0), name="badges_limit_use_is_positive"
            ),
        ]

    def __str__(self):
        return f"{self.rule_code} {self.period}: {self.amount}"


class BudgetUse(models.Model):
    """What a rule has paid everybody: the counter behind a budget."""

    rule_code = models.CharField(max_length=40)
    currency = models.CharField(max_length=40)
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "currency"], name="badges_budget_is_counted_once"
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="badges_budget_is_positive"),
        ]

    def __str__(self):
        return f"{self.rule_code}: {self.used}"


class BudgetWarning(models.Model):
    """A share of a budget of which staff were told, once; a budget that is changed begins anew."""

    rule_code = models.CharField(max_length=40)
    currency = models.CharField(max_length=40)
    budget = models.BigIntegerField()
    threshold = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "currency", "budget", "threshold"],
                name="badges_budget_is_warned_of_once",
            )
        ]

    def __str__(self):
        return f"{self.rule_code}: {self.threshold} % of {self.budget}"


class Refusal(Owned):
    """Why a rule did not pay an activity that it was about, for the member and for staff."""

    class Reason(models.TextChoices):
        CLAIMED = "claimed", _("It has already paid for this.")
        LIMIT = "limit", _("You have reached what it pays in this period.")
        BUDGET = "budget", _("What was set aside for it has been used up.")
        EXCLUDED = "excluded", _("It is not meant for the team or for programs.")
        OWN = "own", _("It does not pay for what is your own.")
        HOLDOUT = "holdout", _("It is being tried with part of the members first.")

    rule_code = models.CharField(max_length=40)
    program = models.ForeignKey("badges.ProgramVersion", models.PROTECT, null=True)
    activity = models.ForeignKey("activity.Activity", models.PROTECT, related_name="refusals")
    currency = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    again_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "activity", "currency"], name="badges_refused_once"
            )
        ]
        indexes = [models.Index(fields=["owner_type", "owner_id", "-id"], name="badges_refusals")]

    def __str__(self):
        return f"{self.rule_code}: {self.reason}"
