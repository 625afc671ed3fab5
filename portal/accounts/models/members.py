from functools import cached_property
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.models import (
    AbstractBaseUser,
    BaseUserManager,
    Group,
    Permission,
    PermissionsMixin,
)
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import ProtectedError
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.accounts.handles import HANDLE_LENGTH, validate_not_reserved, validate_shape
from portal.accounts.models.flags import StaffFlag
from portal.ui.files import RandomName
from portal.ui.zones import known_zones

SUPERUSER = PermissionsMixin._meta.get_field("is_superuser")
# The role that everybody may have.
PLAIN = "member"
# Where Wagtail's policies keep the permissions that groups give on pages, collections and sites.
GROUP_PERMISSION_CACHES = (
    "_page_permission_cache",
    "_collection_permission_cache",
    "_site_permission_cache",
)


def validate_time_zone(name: str) -> None:
    if name not in known_zones():
        raise ValidationError(_("This is not a time zone that we know."), code="time_zone")


def default_time_zone() -> str:
    return settings.PROGRAM_TIMEZONE


def never_deleted(members):
    return ProtectedError("Members are never deleted: close the account.", members)


class MemberQuerySet(models.QuerySet):
    def present(self):
        """Members whose account is open and who may log in or were imported."""
        return self.filter(is_active=True, closed_at=None)

    def listed(self):
        """Members who may appear on boards, in lists and in exports of standing."""
        return self.present().filter(is_listed=True)

    def visible_to(self, viewer):
        """Members whose profile `viewer` may open: their own, and what its owner shows."""
        if viewer.is_authenticated:
            return self.filter(closed_at=None)
        return self.present().filter(audience=Member.Audience.EVERYONE)

    def for_list(self, viewer):
        """The members of a directory or of faces on a page, newest first."""
        return self.visible_to(viewer).listed().order_by("-date_joined", "-pk")

    def delete(self):
        """Refuse: what members did stays, and `close_account` removes what is personal."""
        raise never_deleted(self)


class MemberManager(BaseUserManager.from_queryset(MemberQuerySet)):  # type: ignore[misc]
    # The checker wants a name for the base; a second class would be one for its sake alone.

    def get_by_natural_key(self, email):
        return self.get(email=self.normalize_email(email).lower())


class Member(AbstractBaseUser, PermissionsMixin):
    """A person with an account. Made by `services.members.create_member`; never deleted."""

    class Persona(models.TextChoices):
        LEARN = "learn", _("Learn and get help")
        SHAPE = "shape", _("Have a say in what comes next")
        MEET = "meet", _("Meet people and take part")
        REWARDS = "rewards", _("Collect points and rewards")

    class ContactHours(models.TextChoices):
        ANY = "any", _("At any time")
        MORNING = "morning", _("In the morning")
        AFTERNOON = "afternoon", _("In the afternoon")
        EVENING = "evening", _("In the evening")

    class ContactChannel(models.TextChoices):
        EMAIL = "email", _("By e-mail")
        PORTAL = "portal", _("On the portal only")

    class Audience(models.TextChoices):
        EVERYONE = "everyone", _("Everyone, also without an account")
        MEMBERS = "members", _("Members who are logged in")

    email = models.EmailField(_("email"), unique=True, null=True, blank=True)
    handle = models.CharField(
        _("handle"),
        max_length=HANDLE_LENGTH,
        unique=True,
        validators=[validate_shape, validate_not_reserved],
    )
    name = models.CharField(_("name"), max_length=80)
    avatar = models.ImageField(_("picture"), upload_to=RandomName("avatars"), blank=True)
    bio = models.TextField(_("about you"), max_length=500, blank=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    interests = models.JSONField(_("interests"), default=list, blank=True)
    language = models.CharField(
        _("language"), max_length=5, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    time_zone = models.CharField(
        _("time zone"), max_length=50, default=default_time_zone, validators=[validate_time_zone]
    )
    hope = models.CharField(
        _("what you hope for"), max_length=10, choices=Persona.choices, blank=True
    )
    contact_channel = models.CharField(
        _("how we may reach you"),
        max_length=10,
        choices=ContactChannel.choices,
        default=ContactChannel.EMAIL,
    )
    contact_hours = models.CharField(
        _("when we may reach you"),
        max_length=10,
        choices=ContactHours.choices,
        default=ContactHours.ANY,
    )
    is_listed = models.BooleanField(_("show me on leaderboards"), default=True)
    alias = models.CharField(
        _("my name on leaderboards"), max_length=30, blank=True, default="", db_default=""
    )
    audience = models.CharField(
        _("who may see my profile"),
        max_length=10,
        choices=Audience.choices,
        default=Audience.EVERYONE,
    )
    shows_about = models.BooleanField(_("what I write about myself and my city"), default=True)
    shows_badges = models.BooleanField(_("my level and badges"), default=True)
    shows_contributions = models.BooleanField(_("my ideas and comments"), default=True)
    is_playing = models.BooleanField(_("show points, badges and levels"), default=True)
    is_staff = StaffFlag(_("staff"), default=False)
    is_superuser = StaffFlag(SUPERUSER.verbose_name, default=False, help_text=SUPERUSER.help_text)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined at"), default=timezone.now)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    # Set for one request or socket by `withhold_permissions`.
    is_withheld = False
    refused: "list[tuple[str, object]]"

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["handle", "name"]

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(handle=Lower("handle")), name="accounts_handle_is_folded"
            ),
            models.UniqueConstraint(Lower("email"), name="accounts_email_is_unique_folded"),
            models.UniqueConstraint(
                Lower("alias"),
                condition=~models.Q(alias=""),
                name="accounts_alias_is_unique_folded",
                violation_error_message=_("This name is taken. Please choose another."),
            ),
        ]
        indexes = [
            models.Index(fields=["date_joined"], name="accounts_joined"),
            models.Index(fields=["avatar"], name="accounts_avatar"),
        ]

    def delete(self, *args, **kwargs):
        raise never_deleted({self})

    def __str__(self):
        return self.name or self.handle

    @property
    def is_team(self):
        """Whether the member has a role, also while its permissions are withheld."""
        return any(getattr(Member, flag).stored(self) for flag in ("is_staff", "is_superuser"))

    def withhold_permissions(self):
        """Hold no more than any member, as long as this object lives; nothing is written.

        Whoever asks this object is told so: `has_perm`, the flags, the groups, and Wagtail, which
        keeps what it knows of a user's groups beside the user.
        """
        self.is_withheld, self.refused = True, []
        for name in GROUP_PERMISSION_CACHES:
            setattr(self, name, ())
        known = self.__dict__.setdefault("_prefetched_objects_cache", {})
        known["groups"] = Group.objects.filter(user=self.pk, name=PLAIN)
        known["user_permissions"] = Permission.objects.none()

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        if self.is_withheld:
            self.withhold_permissions()

    def has_perm(self, perm, obj=None):
        is_granted = super().has_perm(perm, obj)
        if self.is_withheld and not is_granted:
            self.refused.append((perm, obj))
        return is_granted

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0]

    @property
    def display_name(self):
        """The name on bylines; who has left has none."""
        if self.closed_at:
            return str(_("A member who left"))
        return self.name or self.handle

    def is_visible_to(self, viewer):
        """Whether `viewer` may open this member's profile."""
        return viewer.is_authenticated or self.audience == self.Audience.EVERYONE

    @property
    def shows_game(self):
        """Whether level and badges appear on the profile."""
        return self.is_playing and self.shows_badges

    @cached_property
    def is_verified(self):
        """True when one of the member's addresses is proven."""
        # Added by allauth, which has no types.
        return self.emailaddress_set.filter(verified=True).exists()  # type: ignore[attr-defined]

    @cached_property
    def zone(self):
        return ZoneInfo(self.time_zone)

    def avatar_url(self, size=0):
        """The picture's address, empty without one; pictures are kept at one bounded size."""
        return self.avatar.url if self.avatar else ""

    def get_absolute_url(self):
        return reverse("home:member_detail", args=[self.handle])


class FormerHandle(models.Model):
    """A handle once held: never given to another member, and redirected to its holder.

    Of a closed account only a digest stays, so that nobody can pass for who is gone.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="former_handles")
    handle = models.CharField(max_length=HANDLE_LENGTH, unique=True)
    left_at = models.DateTimeField(default=timezone.now)

    def __str__(self):
        return self.handle
