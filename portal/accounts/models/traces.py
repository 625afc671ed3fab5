from django.db import models

from portal.accounts.models.members import Member


class Trace(models.Model):
    """A member was seen from an address, or with a browser: kept as a keyed digest, for days.

    It says nothing but that two members were seen with the same thing.
    """

    class Kind(models.TextChoices):
        ADDRESS = "address"
        DEVICE = "device"

    member = models.ForeignKey(Member, models.CASCADE, related_name="traces")
    kind = models.CharField(max_length=10, choices=Kind)
    digest = models.CharField(max_length=32)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "digest"], name="accounts_trace_is_kept_once"
            )
        ]
        indexes = [models.Index(fields=["seen_at"], name="accounts_traces_by_time")]

    def __str__(self):
        return f"{self.kind} of {self.member_id}"
