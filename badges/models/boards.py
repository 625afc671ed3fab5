from django.db import models
from django.db.models import ExpressionWrapper, F, Q

from badges.models.owners import Owned

EVER = "ever"
# What levels and boards count: it is never spent, so using points costs no place.
EXPERIENCE = "experience"


class PeriodTotal(Owned):
    """What an owner gained in a week, a month, a season and ever: kept in the ledger's transaction.

    Boards are about experience; of other currencies only weeks are kept. `period` reads
    `2026-W47`, `2026-11`, `season:spring-2026` or `ever`. `counted` is the total that the marks of
    the board know, and `is_counted` says whether they count it: whoever moves the total leaves
    both alone, so what the marks do not know yet shows by itself (`is_moved`).
    """

    currency = models.CharField(max_length=40)
    period = models.CharField(max_length=50)
    total = models.BigIntegerField(default=0)
    reached_at = models.DateTimeField()
    counted = models.BigIntegerField(default=0, db_default=0)
    is_counted = models.BooleanField(default=False, db_default=False)

    # Generated, so that the planner knows how few they are.
    is_moved = models.GeneratedField(
        expression=ExpressionWrapper(
            Q(currency=EXPERIENCE) & ~Q(counted=F("total")), output_field=models.BooleanField()
        ),
        output_field=models.BooleanField(),
        db_persist=True,
    )

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
            ),
            models.Index(
                fields=["period", "counted"],
                condition=Q(is_counted=True),
                name="badges_board_counted",
            ),
            models.Index(fields=["period"], condition=Q(is_moved=True), name="badges_board_moved"),
        ]

    def __str__(self):
        return f"{self.period}: {self.total} {self.currency}"


class BoardMark(models.Model):
    """How many counted members of a board have more than `total`: a rank starts at the next mark.

    Marks lie so close that few members stand between two of them. The mark at 0 is the first of
    a board; whoever counts members into a board holds its lock.
    """

    period = models.CharField(max_length=50)
    total = models.BigIntegerField()
    above = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "total"], name="badges_mark_is_unique")
        ]

    def __str__(self):
        return f"{self.period}: {self.above} above {self.total}"


class ListingChange(models.Model):
    """A member began or ceased to appear in lists, and the marks do not know it yet."""

    owner_id = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["owner_id"], name="badges_listing_owner")]

    def __str__(self):
        return f"listing of {self.owner_id}"
