from django.conf import settings
from django.db import models
from django.utils import timezone


class RingQuerySet(models.QuerySet):
    def open(self):
        """Those that nobody of the team has found harmless."""
        return self.filter(cleared_at=None)

    def for_list(self):
        """The open ones with what a row shows, the most points first, in two queries."""
        return self.open().prefetch_related("members").order_by("-points", "pk")


class Ring(models.Model):
    """Members who act as if they were one, with what speaks for it; found anew every night.

    It is a hint to the team and changes nothing for anybody. `fingerprint` names its members, so
    that one group is kept once. `evidence` are rows of kind, members and times; `points` what the
    members earned in the window that they could spend.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="rings")
    evidence = models.JSONField()
    points = models.BigIntegerField(default=0)
    found_at = models.DateTimeField(default=timezone.now)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    objects = RingQuerySet.as_manager()

    def __str__(self):
        return f"ring {self.pk}"
