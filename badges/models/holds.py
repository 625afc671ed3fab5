from allauth.account.models import EmailAddress
from django.db import models
from django.db.models import Exists, OuterRef, Q

from badges.models.owners import Owned, OwnedQuerySet
from portal.accounts.activities import EMAIL_VERIFIED
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
        """Those whose time is over; where the owner's address has to be verified, it is."""
        return self.open().filter(due_at__lte=now).exclude(self._waiting_for_address())

    def _waiting_for_address(self):
        """A newcomer's, who has verified no address yet."""
        verified = EmailAddress.objects.filter(user=OuterRef("owner_id"), verified=True)
        return Q(until_verb=EMAIL_VERIFIED) & ~Exists(verified)

    def until_something(self):
        """Those that something ends which happens to the same object."""
        return self.open().exclude(until_verb="").exclude(until_verb=EMAIL_VERIFIED)


class Hold(Owned):
    """What an award kept back: until `due_at`, or `until_verb` happens to the same object.

    A newcomer's waits for both: `due_at`, and the verified address that `until_verb` names.
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
    def waits_for_address(self):
        return self.until_verb == EMAIL_VERIFIED

    @property
    def name(self):
        """The name by which activities know this hold."""
        return f"hold:{self.pk}"
