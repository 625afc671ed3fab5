from django.db import models

MEMBER = "member"
SYSTEM = "system"


class OwnedQuerySet(models.QuerySet):
    def of(self, member):
        """Rows that belong to `member`."""
        return self.filter(owner_type=MEMBER, owner_id=member.pk)


class Owned(models.Model):
    """Belongs to an owner: a member today, perhaps a household or a dealer tomorrow."""

    owner_type = models.CharField(max_length=10, default=MEMBER)
    owner_id = models.BigIntegerField(default=0)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        abstract = True
