from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Sum, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PORTAL = "portal"


class ActivityQuerySet(models.QuerySet):
    def facts(self) -> Self:
        """What members did, without the reversals."""
        return self.filter(reverses=None)

    def undone(self) -> Self:
        """The facts that do not stand: their chain ends with a reversal."""
        return self.facts().filter(self._ends_reversed())

    def standing(self) -> Self:
        """The facts that stand, undone and restored ones among them."""
        return self.facts().filter(~self._ends_reversed())

    def _ends_reversed(self) -> Exists:
        ends = Activity.objects.filter(origin=OuterRef("pk"), reversed_by=None)
        return Exists(ends.annotate(odd=F("depth") % 2).filter(odd=1))

    def undispatched(self) -> Self:
        return self.filter(dispatched_at=None).order_by("pk")

    def of_chain(self, origin: "Activity") -> Self:
        """`origin` and everything that undid or restored it, the last one first."""
        return self.filter(Q(pk=origin.pk) | Q(origin=origin)).order_by("-depth")

    def standing_count(self) -> int:
        """How many facts stand: each fact counts 1, its reversal -1, its restoring 1."""
        return self.aggregate(n=Sum(SIGN))["n"] or 0


class Activity(models.Model):
    """A fact: member, verb, object, when, value. Recorded once, never changed (a trigger holds it).

    A chain is a fact, its reversal, the reversal's reversal and so on: all name the fact as their
    `origin` and repeat its member, verb, object, value and `local_date`, and `depth` counts from 0.
    So a sum of signs over rows is a sum over what stands, on the day on which it happened.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="activities",
        verbose_name=_("member"),
        db_index=False,
    )
    verb = models.CharField(_("verb"), max_length=80)
    object = models.CharField(_("object"), max_length=120, blank=True)
    value = models.BigIntegerField(_("value"), default=1)
    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"), default=timezone.now)
    local_date = models.DateField(_("member's day"))
    source = models.CharField(_("source"), max_length=40, default=PORTAL)
    key = models.CharField(_("key"), max_length=240)
    content_hash = models.CharField(max_length=64)
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", db_index=False
    )
    origin = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="chain", db_index=False
    )
    depth = models.PositiveSmallIntegerField(default=0)
    sequence = models.PositiveBigIntegerField(null=True)
    dispatched_at = models.DateTimeField(null=True)

    objects = ActivityQuerySet.as_manager()

    # Set on the way to consumers: it was handed out before, and perhaps in vain.
    is_resent = False
    # Its reversal was known before it: it is recorded, and pays nothing.
    is_waived = False

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="activity_is_recorded_once"),
            models.UniqueConstraint(
                fields=["reverses"],
                condition=Q(reverses__isnull=False),
                name="activity_is_reversed_once",
            ),
            models.UniqueConstraint(
                fields=["member", "sequence"], name="activity_sequence_is_unique"
            ),
            models.CheckConstraint(
                condition=Q(reverses=None, origin=None, depth=0)
                | Q(reverses__isnull=False, origin__isnull=False, depth__gt=0),
                name="activity_chain_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["member", "verb", "object"], name="activity_of_member"),
            models.Index(fields=["member", "-occurred_at"], name="activity_feed"),
            models.Index(fields=["verb", "-occurred_at"], name="activity_done_lately"),
            models.Index(
                fields=["id"], condition=Q(dispatched_at=None), name="activity_undispatched"
            ),
            models.Index(
                fields=["origin"], condition=Q(origin__isnull=False), name="activity_chain"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} {self.verb} {self.object}"

    @property
    def fact(self) -> "Activity":
        """The fact at the beginning of the chain."""
        return (self.origin or self) if self.depth else self

    @property
    def is_reversal(self) -> bool:
        return self.depth > 0


# 1 for what stands or was restored, -1 for a reversal: a sum of signs counts what stands.
SIGN = Value(1) - Value(2) * (F("depth") % Value(2))


class ActivityStream(models.Model):
    """The counter behind a member's sequence numbers; its row is the member's lock."""

    member = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True)
    last_sequence = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.member_id}: {self.last_sequence}"
