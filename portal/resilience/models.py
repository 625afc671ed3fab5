from django.db import models


class Kept(models.Model):
    """What limits must remember while Redis is away; a row is worth nothing once it has ended."""

    key = models.CharField(max_length=64, primary_key=True)
    number = models.BigIntegerField(null=True)
    text = models.TextField(blank=True)
    # Seconds since 1970, as the statements that read it know no types.
    ends_at = models.FloatField()

    def __str__(self) -> str:
        return self.key
