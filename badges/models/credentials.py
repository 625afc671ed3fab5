import secrets
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from badges.models.owners import MEMBER

if TYPE_CHECKING:
    from portal.accounts.models import Member


def random_token() -> str:
    """A part of an address that nobody can guess: 128 random bits."""
    return secrets.token_urlsafe(16)


class IssuerKeyQuerySet(models.QuerySet):
    def trusted(self) -> "IssuerKeyQuerySet":
        """Keys whose signatures count: the one in use, and those before it."""
        return self.filter(distrusted_at=None).order_by("-pk")


class IssuerKey(models.Model):
    """The public half of a key that has signed credentials. The private half is never stored here.

    Rows stay after a rotation, so that what was signed before can still be checked.
    """

    multibase = models.CharField(_("public key"), max_length=60, unique=True)
    created_at = models.DateTimeField(_("first used at"), default=timezone.now)
    distrusted_at = models.DateTimeField(_("distrusted at"), null=True)

    objects = IssuerKeyQuerySet.as_manager()

    class Meta:
        verbose_name = _("issuer key")

    def __str__(self):
        return self.multibase


class CredentialQuerySet(models.QuerySet):
    def standing(self) -> "CredentialQuerySet":
        """Credentials whose holder still shares them."""
        return self.filter(withdrawn_at=None)

    def of(self, member: "Member") -> "CredentialQuerySet":
        return self.filter(award__owner_type=MEMBER, award__owner_id=member.pk)

    def for_page(self) -> "CredentialQuerySet":
        """What a public page or file shows, in one query."""
        return self.select_related("award", "key")

    def void_in(self, status_list: int) -> "CredentialQuerySet":
        """Credentials of one status list that no longer hold: taken back, or withdrawn."""
        void = Q(award__revoked_at__isnull=False) | Q(withdrawn_at__isnull=False)
        return self.filter(void, status_list=status_list)


class Credential(models.Model):
    """A signed credential for one award, made when its holder asks for it and never before.

    Both signed forms are kept as they were handed out. Withdrawing empties them; the row and its
    place in the status list stay, so that copies in circulation no longer hold.
    """

    award = models.ForeignKey("badges.BadgeAward", models.PROTECT, related_name="credentials")
    token = models.CharField(max_length=32, unique=True, default=random_token)
    key = models.ForeignKey(IssuerKey, models.PROTECT, related_name="credentials")
    language = models.CharField(_("language"), max_length=5, choices=settings.LANGUAGES)
    shown_name = models.CharField(_("name shown"), max_length=80, blank=True)
    document = models.JSONField(_("document"), default=dict)
    jwt = models.TextField(blank=True)
    status_list = models.PositiveIntegerField()
    status_index = models.PositiveIntegerField()
    issued_at = models.DateTimeField(_("issued at"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True)

    objects = CredentialQuerySet.as_manager()

    class Meta:
        verbose_name = _("credential")
        constraints = [
            models.UniqueConstraint(
                fields=["award"],
                condition=Q(withdrawn_at=None),
                name="badges_credential_stands_once",
            ),
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="badges_status_place_is_unique"
            ),
        ]

    def __str__(self):
        return f"{self.award}, {self.token}"
