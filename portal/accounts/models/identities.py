from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExternalIdentity(models.Model):
    """The name by which another system knows a member."""

    source = models.CharField(_("source"), max_length=40)
    external_id = models.CharField(_("id there"), max_length=200)
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="external_identities",
        verbose_name=_("member"),
    )

    class Meta:
        verbose_name = _("identity elsewhere")
        verbose_name_plural = _("identities elsewhere")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="accounts_identity_is_unique"
            )
        ]

    def __str__(self):
        return f"{self.source}:{self.external_id}"
