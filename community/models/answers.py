from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.ideas import Idea


class StatusChangeQuerySet(models.QuerySet):
    def for_list(self, idea):
        """An idea's whole history, the newest first, with who answered."""
        changes = self.filter(idea=idea).select_related("by")
        return changes.order_by("-changed_at", "-pk")


class StatusChange(models.Model):
    """One official word about an idea: the status it got, and what was said with it."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="changes")
    from_status = models.CharField(max_length=12, choices=Idea.Status.choices)
    to_status = models.CharField(max_length=12, choices=Idea.Status.choices)
    response = models.TextField(_("official response"), max_length=5_000, blank=True)
    response_html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=5, default="en", blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="official_answers",
        verbose_name=_("answered by"),
    )
    changed_at = models.DateTimeField(default=timezone.now)

    objects = StatusChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("official answer")
        verbose_name_plural = _("official answers")
        indexes = [
            models.Index(fields=["idea", "-changed_at", "-id"], name="community_change_history"),
        ]

    def __str__(self):
        return f"{self.idea_id}: {self.from_status} to {self.to_status}"
