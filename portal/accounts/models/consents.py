from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.consents import consent_text


class ConsentQuerySet(models.QuerySet):
    def standing(self):
        """What is agreed to and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def allows(self, *, purpose, channel):
        """The members who may be written to for `purpose` by `channel`, as consents."""
        return self.standing().filter(purpose=purpose, channel=channel)

    def for_list(self, member):
        """A member's whole history, newest first."""
        return self.filter(member=member).order_by("-given_at", "-pk")


class Consent(models.Model):
    """One agreement of a member, for one purpose by one channel. History is never overwritten:
    withdrawing closes the row, agreeing again makes another."""

    class Source(models.TextChoices):
        SIGNUP = "signup", _("Sign-up")
        SETTINGS = "settings", _("Settings")
        IMPORT = "import", _("Import")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="consents", verbose_name=_("member")
    )
    purpose = models.CharField(_("purpose"), max_length=30)
    channel = models.CharField(_("channel"), max_length=10)
    text_version = models.PositiveSmallIntegerField(_("version of the text"))
    language = models.CharField(_("language"), max_length=5)
    source = models.CharField(_("source"), max_length=10, choices=Source.choices)
    given_at = models.DateTimeField(_("given at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "purpose", "channel"],
                condition=Q(withdrawn_at=None),
                name="accounts_consent_stands_once",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=models.F("given_at")),
                name="accounts_consent_is_withdrawn_after_it_is_given",
            ),
        ]

    def __str__(self):
        return f"{self.member_id}: {self.purpose} by {self.channel}"

    @property
    def words(self):
        """The text that the member saw, in their language of that day."""
        text = consent_text(self.purpose, self.channel)
        return text.text(self.text_version, self.language) if text else str(self)
