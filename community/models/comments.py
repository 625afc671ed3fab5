from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.models.ideas import Idea


class CommentQuerySet(models.QuerySet):
    def standing(self):
        """Comments that everybody may read."""
        return self.filter(withdrawn_at=None, hidden_at=None)

    def visible_to(self, member):
        """Comments that `member` (or a visitor) may open: the standing ones and their own."""
        if not member.is_authenticated:
            return self.standing()
        if member.has_perm("community.moderate_idea"):
            return self
        return self.filter(Q(withdrawn_at=None, hidden_at=None) | Q(author_id=member.pk))

    def threads(self, idea):
        """The comments that answer the idea itself, the oldest first."""
        return self.filter(idea=idea, parent=None).order_by("posted_at", "pk")

    def for_list(self):
        """Everything that a comment shows, in one query."""
        return self.select_related("author")


class Comment(models.Model):
    """What a member says about an idea, or in answer to somebody who did."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="comments", verbose_name=_("idea"))
    parent = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="answers"
    )
    root = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="thread")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="idea_comments",
        verbose_name=_("author"),
    )
    body = models.TextField(_("comment"), max_length=5_000)
    body_html = models.TextField(blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=5, default="en", blank=True)
    posted_at = models.DateTimeField(_("posted at"), default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    # One filled-in form makes one comment, however often it is sent.
    token = models.UUIDField(null=True, blank=True, unique=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None, root=None) | Q(parent__isnull=False, root__isnull=False),
                name="community_comment_thread_is_whole",
            ),
        ]
        indexes = [
            models.Index(
                fields=["idea", "posted_at", "id"],
                condition=Q(parent=None),
                name="community_comment_threads",
            ),
        ]

    def __str__(self):
        return f"{self.author_id} on {self.idea_id}"

    @property
    def is_open(self):
        return self.withdrawn_at is None and self.hidden_at is None

    def get_absolute_url(self):
        """The place on the idea's page, on the part of the conversation that holds it."""
        thread = self.root_id or self.pk
        return f"{self.idea.get_absolute_url()}?thread={thread}#comment-{self.pk}"
