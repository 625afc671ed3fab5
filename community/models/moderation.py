from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.comments import Comment
from community.models.ideas import Idea

ONE_THING = Q(idea__isnull=False, comment=None) | Q(idea=None, comment__isnull=False)


class AboutSomething(models.Model):
    """A row about exactly one idea or one comment."""

    idea = models.ForeignKey(Idea, models.CASCADE, null=True, blank=True)
    comment = models.ForeignKey(Comment, models.CASCADE, null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def thing(self):
        return self.idea or self.comment


class ReportQuerySet(models.QuerySet):
    def waiting(self):
        """Reports that nobody has decided yet, the oldest first."""
        return self.filter(settled_at=None).order_by("reported_at", "pk")

    def about(self, thing):
        field = "idea" if isinstance(thing, Idea) else "comment"
        return self.filter(**{field: thing})

    def for_list(self):
        """Everything that a line of the queue shows, in one query."""
        return self.select_related(
            "reporter", "idea__author", "comment__author", "comment__idea__author"
        )


class Report(AboutSomething):
    """A member's word that something does not belong here; one a member and thing."""

    class Reason(models.TextChoices):
        SPAM = "spam", _("Advertising or spam")
        ABUSE = "abuse", _("Insults or hate")
        PRIVATE = "private", _("Somebody's private details")
        ILLEGAL = "illegal", _("Dangerous or against the law")
        OFF_TOPIC = "off_topic", _("Does not belong here")
        OTHER = "other", _("Something else")

    class Outcome(models.TextChoices):
        HIDDEN = "hidden", _("Hidden")
        DISMISSED = "dismissed", _("Left as it is")

    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports", verbose_name=_("member")
    )
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    text = models.TextField(_("what is wrong"), max_length=1_000, blank=True)
    reported_at = models.DateTimeField(default=timezone.now)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="community_report_is_about_one"),
            models.UniqueConstraint(
                fields=["reporter", "idea"],
                condition=Q(idea__isnull=False),
                name="community_idea_reported_once",
            ),
            models.UniqueConstraint(
                fields=["reporter", "comment"],
                condition=Q(comment__isnull=False),
                name="community_comment_reported_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["reported_at", "id"],
                condition=Q(settled_at=None),
                name="community_report_waiting",
            ),
        ]

    def __str__(self):
        return f"{self.reason} by {self.reporter_id}"


class ModerationActionQuerySet(models.QuerySet):
    def about(self, thing):
        field = "idea" if isinstance(thing, Idea) else "comment"
        return self.filter(**{field: thing})

    def hiding(self, thing):
        """What hides a thing now, if it is hidden: at most one row."""
        return self.about(thing).filter(kind=ModerationAction.Kind.HIDE, undone_at=None)

    def for_list(self):
        """The record of decisions, the newest first, with everything that a line shows."""
        actions = self.select_related(
            "moderator", "undone_by", "idea__author", "comment__author", "comment__idea__author"
        )
        return actions.order_by("-acted_at", "-pk")

    def objected(self):
        """Decisions in force against which the author objected."""
        return self.filter(undone_at=None).exclude(objected_at=None)


class ModerationAction(AboutSomething):
    """What a moderator decided, why, and whether it was taken back. Never deleted."""

    class Kind(models.TextChoices):
        HIDE = "hide", _("Hidden")
        DISMISS = "dismiss", _("Left as it is")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="moderation_actions",
        verbose_name=_("moderator"),
    )
    reason = models.TextField(_("reason"), max_length=1_000, blank=True)
    acted_at = models.DateTimeField(default=timezone.now)
    objection = models.TextField(_("objection"), max_length=2_000, blank=True)
    objected_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation decision")
        verbose_name_plural = _("moderation decisions")
        constraints = [
            models.CheckConstraint(condition=ONE_THING, name="community_action_is_about_one"),
            models.UniqueConstraint(
                fields=["idea"],
                condition=Q(kind="hide", undone_at=None, idea__isnull=False),
                name="community_idea_hidden_once",
            ),
            models.UniqueConstraint(
                fields=["comment"],
                condition=Q(kind="hide", undone_at=None, comment__isnull=False),
                name="community_comment_hidden_once",
            ),
        ]

    def __str__(self):
        return f"{self.kind} by {self.moderator_id}"
