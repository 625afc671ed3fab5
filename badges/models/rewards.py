"""What points buy: rewards, their pools of codes, and how many of them each member has."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from badges.models.owners import Owned

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from portal.accounts.models import Member


def _is_turkish() -> bool:
    return (get_language() or "").startswith("tr")


class RewardQuerySet(models.QuerySet):
    def open(self, now: datetime) -> "RewardQuerySet":
        """Those that members see at `now`, sold out or not."""
        begun = Q(opens_at=None) | Q(opens_at__lte=now)
        going = Q(closes_at=None) | Q(closes_at__gt=now)
        return self.filter(begun, going, is_archived=False)

    def visible_to(self, member: "Member | AnonymousUser", now: datetime) -> "RewardQuerySet":
        """Open ones; a member also keeps seeing those that they redeemed."""
        seen = self.open(now)
        if member.pk is None:
            return seen
        mine = self.filter(redemptions__member_id=member.pk).values("pk")
        return seen | self.filter(pk__in=mine)

    def with_free_codes(self):
        """Annotate `free_codes`: how many codes of the pool nobody has."""
        free = RewardCode.objects.free().filter(reward=OuterRef("pk")).order_by().values("reward")
        count = Subquery(free.annotate(n=Count("pk")).values("n"))
        return self.annotate(free_codes=Coalesce(count, 0))

    def with_used(self, member):
        """Annotate `used`: how many standing redemptions `member` has."""
        uses = RewardUse.objects.of(member).filter(reward=OuterRef("pk")).values("times")
        return self.annotate(used=Coalesce(Subquery(uses), 0))

    def for_list(self, member: "Member | AnonymousUser", now: datetime) -> "RewardQuerySet":
        """Everything that a card shows, in one query and two for pictures, cheapest first."""
        rows = self.open(now).with_free_codes().with_used(member)
        rows = rows.select_related("picture").prefetch_related("picture__renditions")
        return rows.order_by("price", "pk")


class Reward(models.Model):
    """Something that points buy. Archived in the end, never deleted: redemptions name it.

    `taken` counts the redemptions that stand; it moves only through a conditional update, and the
    constraint holds it within the stock whatever happens.
    """

    class Fulfilment(models.TextChoices):
        BY_HAND = "by_hand", _("By hand: the team hands it over")
        CODES = "codes", _("From a pool of codes")

    name_en = models.CharField(_("name in English"), max_length=80)
    name_tr = models.CharField(_("name in Turkish"), max_length=80)
    description_en = models.TextField(_("description in English"), max_length=1000)
    description_tr = models.TextField(_("description in Turkish"), max_length=1000)
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )
    currency = models.CharField(_("currency"), max_length=40, default="points")
    price = models.PositiveIntegerField(_("price"))
    fulfilment = models.CharField(
        _("fulfilment"), max_length=10, choices=Fulfilment.choices, default=Fulfilment.BY_HAND
    )
    stock = models.PositiveIntegerField(_("stock"), null=True, blank=True)
    taken = models.PositiveIntegerField(default=0)
    limit_per_member = models.PositiveSmallIntegerField(
        _("limit for each member"), null=True, blank=True
    )
    level = models.CharField(_("level needed"), max_length=40, blank=True)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = RewardQuerySet.as_manager()

    # Annotated by the querysets that say so.
    free_codes: int
    used: int

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        permissions = [("manage_reward", "Can set rewards and fulfil redemptions")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="badges_reward_has_a_price"),
            models.CheckConstraint(
                condition=Q(taken__gte=0) & (Q(stock=None) | Q(taken__lte=F("stock"))),
                name="badges_reward_within_stock",
            ),
            models.CheckConstraint(
                condition=~Q(fulfilment="codes") | Q(stock=None),
                name="badges_codes_are_the_stock",
            ),
            models.CheckConstraint(
                condition=Q(limit_per_member=None) | Q(limit_per_member__gt=0),
                name="badges_reward_limit_is_positive",
            ),
            models.CheckConstraint(
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                name="badges_reward_closes_after_opening",
            ),
        ]
        indexes = [models.Index(fields=["is_archived", "price"], name="badges_reward_list")]

    def __str__(self):
        return self.name

    @property
    def name(self):
        """The name in the language in force."""
        return self.name_tr if _is_turkish() else self.name_en

    @property
    def description(self):
        return self.description_tr if _is_turkish() else self.description_en

    @property
    def object(self):
        """The name by which activities know this reward."""
        return f"reward:{self.pk}"

    @property
    def has_codes(self):
        return self.fulfilment == self.Fulfilment.CODES

    @property
    def left(self):
        """How many can still be had, None for any number; asks for `with_free_codes`."""
        if self.has_codes:
            return self.free_codes
        return None if self.stock is None else max(0, self.stock - self.taken)

    def is_open(self, now: datetime) -> bool:
        begun = self.opens_at is None or self.opens_at <= now
        going = self.closes_at is None or self.closes_at > now
        return begun and going and not self.is_archived


class RewardStep(models.Model):
    """What the team did to a reward: set it up, changed it, filled its pool. Never changed itself.

    `changes` names each changed field with what it was and what it became, `{"price": [500, 450]}`;
    where a pool was filled, how many codes it got, `{"codes": 40}`. Triggers keep the rows.
    """

    class Kind(models.TextChoices):
        CREATED = "created"
        CHANGED = "changed"
        FILLED = "filled"

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    changes = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["-taken_at"], name="badges_reward_steps")]

    def __str__(self):
        return f"{self.reward_id} {self.kind} at {self.taken_at:%Y-%m-%d %H:%M}"


class RewardUse(Owned):
    """How many redemptions of a reward stand for one member: the counter behind the limit."""

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="uses")
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "owner_type", "owner_id"], name="badges_reward_use_is_unique"
            ),
            models.CheckConstraint(condition=Q(times__gte=0), name="badges_reward_use_is_positive"),
        ]

    def __str__(self):
        return f"{self.reward_id} by {self.owner_id}: {self.times}"


class RewardCodeQuerySet(models.QuerySet):
    def free(self):
        return self.filter(redemption=None)


class RewardCode(models.Model):
    """One code of a reward's pool. A code that was shown stays with its redemption for good."""

    reward = models.ForeignKey(Reward, models.PROTECT, related_name="codes")
    text = models.CharField(_("code"), max_length=100, unique=True)
    redemption = models.OneToOneField("Redemption", models.PROTECT, null=True, related_name="code")
    shown_at = models.DateTimeField(null=True)
    added_at = models.DateTimeField(default=timezone.now)

    objects = RewardCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("code")
        constraints = [
            models.CheckConstraint(
                condition=Q(shown_at=None) | Q(redemption__isnull=False),
                name="badges_shown_code_is_somebodys",
            )
        ]
        indexes = [
            models.Index(
                fields=["reward", "id"], condition=Q(redemption=None), name="badges_free_codes"
            )
        ]

    def __str__(self):
        return f"{self.reward_id} #{self.pk}"
