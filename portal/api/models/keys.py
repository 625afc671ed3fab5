from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

NAME_LENGTH = 80


class Application(models.Model):
    """A program that speaks with the portal; its keys come and go, its calls stay its own."""

    name = models.CharField(_("application"), max_length=NAME_LENGTH, unique=True)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")

    def __str__(self):
        return self.name


class ApiKeyQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(revoked_at=None)

    def for_list(self):
        """Keys as the CMS lists them: the working ones first, the newest of both first."""
        rows = self.select_related("application", "created_by")
        return rows.order_by(models.F("revoked_at").desc(nulls_first=True), "-pk")


class ApiKey(models.Model):
    """What an application proves itself with. Only its beginning and a digest are kept."""

    application = models.ForeignKey(Application, models.PROTECT, related_name="keys")
    prefix = models.CharField(_("begins with"), max_length=20, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made at"), default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    last_used_at = models.DateTimeField(_("last used"), null=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        permissions = [("manage_keys", "Can make and revoke API keys")]

    def __str__(self):
        return f"{self.prefix}…"
