from django.db import models
from django.db.models import Q

from badges.models.owners import Owned, OwnedQuerySet
from portal.activity.registry import numbers_of


class HoldQuerySet(OwnedQuerySet):
    def open(self):
        """Those whose points still wait."""
        return self.filter(closed_at=None)

    def named(self, name):
        """The one that activities call so; none for what is no name of a hold."""
        noun, _, number = name.partition(":")
        return self.filter(pk__in=numbers_of([number]) if noun == "hold" else [])

    def due(self, now):
        return self.open().filter(due_at__lte=now)


class Hold(Owned):
    """What an award kept back: until `due_at`, or `until_verb` happens to the same object.

    It is closed once: by its release, or by the reversal of its award.
    """

    transfer = models.OneToOneField("badges.Transfer", models.PROTECT, related_name="hold")
    currency = models.CharField(max_length=40)
    amount = models.BigIntegerField()
    object = models.CharField(max_length=120, blank=True)
    due_at = models.DateTimeField(null=True)
    until_verb = models.CharField(max_length=80, blank=True)
    closed_at = models.DateTimeField(null=True)

    objects = HoldQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="badges_hold_keeps_something"),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | ~Q(until_verb=""), name="badges_hold_has_an_end"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(closed_at=None), name="badges_holds_due"),
            models.Index(
                fields=["owner_type", "owner_id", "currency"],
                condition=Q(closed_at=None),
                name="badges_holds_open",
            ),
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} of {self.owner_id}"

    @property
    def name(self):
        """The name by which activities know this hold."""
        return f"hold:{self.pk}"
