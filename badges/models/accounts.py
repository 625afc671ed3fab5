from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models.owners import Owned, OwnedQuerySet


class Account(Owned):
    """One place where a currency lies. Only members' accounts keep a balance (invariant I4)."""

    class Kind(models.TextChoices):
        PROGRAM = "program", _("Programme")
        CAMPAIGN = "campaign", _("Campaign")
        WALLET = "wallet", _("Wallet")
        HELD = "held", _("Held")
        DEBT = "debt", _("Debt")
        REDEEMED = "redeemed", _("Redeemed")
        EXPIRED = "expired", _("Expired")
        ADJUSTMENT = "adjustment", _("Adjustment")

    currency = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    balance = models.BigIntegerField(null=True)
    peak = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("account")
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "currency", "kind"],
                name="badges_account_is_unique",
            ),
            models.CheckConstraint(
                condition=(
                    Q(kind__in=["wallet", "held"], balance__gte=0)
                    | Q(kind="debt", balance__lte=0)
                    | (~Q(kind__in=["wallet", "held", "debt"]) & Q(balance=None))
                ),
                name="badges_no_overdraft",
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.currency} of {self.owner_type} {self.owner_id}"


class TransferQuerySet(OwnedQuerySet):
    def for_list(self, member):
        """A member's ledger, newest first, on the index (owner, -id)."""
        return self.of(member).select_related("activity").order_by("-pk")


class Transfer(Owned):
    """One movement of an integer amount; `amount` is what it changed for its owner.

    `counted_at` is the moment whose week, month and season it changes: for a reversal that of the
    award it takes back.
    """

    class Kind(models.TextChoices):
        AWARD = "award", _("Award")
        REVERSAL = "reversal", _("Reversal")
        RESTORE = "restore", _("Restored")
        RELEASE = "release", _("Released")
        SPEND = "spend", _("Spent")
        REFUND = "refund", _("Given back")
        EXPIRY = "expiry", _("Expired")
        ADJUSTMENT = "adjustment", _("Adjustment")

    # What rules pay, less what is undone: it counts in periods, limits, budgets and costs.
    COUNTED = (Kind.AWARD, Kind.REVERSAL, Kind.RESTORE)

    currency = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    amount = models.BigIntegerField()
    activity = models.ForeignKey("activity.Activity", models.PROTECT, related_name="transfers")
    rule_code = models.CharField(max_length=40, blank=True)
    program = models.ForeignKey("badges.ProgramVersion", models.PROTECT, null=True, db_index=False)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversed_by", db_index=False
    )
    application = models.ForeignKey(
        "badges.Application", models.PROTECT, null=True, related_name="transfers", db_index=False
    )
    reason = models.CharField(max_length=40, blank=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    counted_at = models.DateTimeField()
    created_at = models.DateTimeField(default=timezone.now)

    objects = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        constraints = [
            models.UniqueConstraint(
                fields=["rule_code", "activity", "currency"],
                condition=Q(kind="award"),
                name="badges_rule_pays_once",
            ),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="badges_transfer_reversed_once",
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="badges_transfer_moves"),
        ]
        indexes = [
            models.Index(fields=["owner_type", "owner_id", "-id"], name="badges_history"),
            models.Index(fields=["counted_at", "rule_code"], name="badges_paid_lately"),
            models.Index(
                fields=["application"],
                condition=Q(application__isnull=False),
                name="badges_applied",
            ),
            models.Index(
                fields=["actor"], condition=Q(actor__isnull=False), name="badges_moved_by"
            ),
        ]

    def __str__(self):
        return f"{self.kind} {self.amount:+d} {self.currency}"


class Entry(models.Model):
    """One side of a transfer; a transfer's entries sum to zero."""

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "account"], name="badges_entry_is_unique"),
            models.CheckConstraint(condition=~Q(amount=0), name="badges_entry_moves"),
        ]

    def __str__(self):
        return f"{self.amount:+d}"
