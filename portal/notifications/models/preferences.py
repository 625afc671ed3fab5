from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import Member


class PreferenceQuerySet(models.QuerySet):
    def unwanted(self, member: "Member") -> set[tuple[str, str]]:
        """The (category, channel) pairs that a member has switched off."""
        rows = self.filter(member=member, is_wanted=False)
        return set(rows.values_list("category", "channel"))

    def is_unwanted(self, *, member: "Member", category: str, channel: str) -> bool:
        rows = self.filter(member=member, category=category, channel=channel)
        return rows.filter(is_wanted=False).exists()


class Preference(models.Model):
    """Whether a member wants one category of notices by one channel; wanted where no row is."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("By e-mail")
        TOAST = "toast", _("On the page, as it happens")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="notice_preferences"
    )
    category = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    is_wanted = models.BooleanField(default=True)

    objects = PreferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice preference")
        verbose_name_plural = _("notice preferences")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "category", "channel"], name="notifications_one_preference"
            )
        ]

    def __str__(self):
        return f"{self.category} by {self.channel}: {self.is_wanted}"
