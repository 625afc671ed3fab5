from django.db import models

from badges.models.owners import Owned


class ExpiryWarning(Owned):
    """That an owner was told what expires: everything begun by `begun_by`, by the day `until`."""

    currency = models.CharField(max_length=40)
    warned_on = models.DateField()
    begun_by = models.DateField()
    until = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "currency", "warned_on"],
                name="badges_warned_once_a_day",
            )
        ]

    def __str__(self):
        return f"{self.currency} of {self.owner_id} until {self.until}"
