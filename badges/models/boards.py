from django.db import models

from badges.models.owners import Owned

EVER = "ever"


class PeriodTotal(Owned):
    """What an owner gained in a week, a month, a season and ever: kept in the ledger's transaction.

    `period` reads `2026-W47`, `2026-11`, `season:spring-2026` or `ever`.
    """

    currency = models.CharField(max_length=40)
    period = models.CharField(max_length=50)
    total = models.BigIntegerField(default=0)
    reached_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_type", "owner_id", "currency", "period"],
                name="badges_total_is_unique",
            )
        ]
        indexes = [
            models.Index(
                fields=["currency", "period", "-total", "reached_at", "owner_id"],
                name="badges_board",
            )
        ]

    def __str__(self):
        return f"{self.period}: {self.total} {self.currency}"
