from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ApplicationQuerySet(models.QuerySet):
    def for_list(self):
        """Every application with who made it and who took it back, the newest first."""
        people = ("version", "applied_by", "undone_by")
        return self.select_related(*people).order_by("-pk")


class Application(models.Model):
    """A version applied to facts that were recorded before it: visible, and undone as a whole."""

    version = models.ForeignKey(
        "badges.ProgramVersion", models.PROTECT, related_name="applications"
    )
    since = models.DateTimeField(_("from"))
    until = models.DateTimeField(_("until"))
    rules = models.JSONField(_("rules"), default=list)
    applied_at = models.DateTimeField(_("applied at"), default=timezone.now)
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    note = models.CharField(_("note"), max_length=200, blank=True, default="")
    summary = models.JSONField(default=dict)
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application to the past")
        verbose_name_plural = _("applications to the past")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gt=models.F("since")), name="badges_application_has_a_length"
            )
        ]

    def __str__(self):
        return f"{self.version}: {self.since:%Y-%m-%d} - {self.until:%Y-%m-%d}"
