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


class ExpiryMonth(models.Model):
    """How much of a currency goes in a month if nobody spends it; counted anew every night."""

    currency = models.CharField(max_length=40)
    month = models.DateField()
    amount = models.PositiveBigIntegerField()
    counted_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["currency", "month"], name="badges_one_sum_a_month")
        ]

    def __str__(self):
        return f"{self.amount} {self.currency} in {self.month:%Y-%m}"
