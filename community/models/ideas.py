from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.search import index

from portal.ui.markdown import plain_text
from portal.ui.text import slugify


class Category(models.Model):
    """A board of the idea forum."""

    code = models.SlugField(_("code"), unique=True)
    name_en = models.CharField(_("name (English)"), max_length=60)
    name_tr = models.CharField(_("name (Turkish)"), max_length=60)
    icon = models.CharField(_("icon"), max_length=40, default="bulb")
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("board")
        verbose_name_plural = _("boards")

    def __str__(self):
        return self.name_tr if get_language() == "tr" else self.name_en


PUBLIC = Q(withdrawn_at=None, hidden_at=None)


class IdeaQuerySet(models.QuerySet):
    def listed(self):
        """Ideas that stand in lists for everybody: neither withdrawn nor hidden."""
        return self.filter(withdrawn_at=None, hidden_at=None)

    def visible_to(self, member):
        """Ideas that `member` (or a visitor) may open: the listed ones and their own."""
        if not member.is_authenticated:
            return self.listed()
        if member.has_perm("community.moderate_idea"):
            return self
        return self.filter(PUBLIC | Q(author_id=member.pk))

    def with_voted(self, member):
        """Annotate `voted` where `member` is among the voters."""
        mine = Vote.objects.filter(idea=OuterRef("pk"), member_id=member.pk)
        return self.annotate(voted=Exists(mine))

    def for_list(self, member):
        """Everything that a row shows, in one query."""
        return self.listed().with_voted(member).select_related("author", "category")

    def for_detail(self, member):
        """Everything that an idea's page shows of the idea itself, in one query."""
        return self.visible_to(member).with_voted(member).select_related("author", "category")

    def on_roadmap(self, status):
        """The ideas of one column of the roadmap, the most wanted first."""
        return self.listed().filter(status=status).order_by("-score", "-pk")

    def awaiting_answer(self):
        """Open ideas without any official word, the most wanted first."""
        return self.listed().filter(status=Idea.Status.OPEN, answered_at=None)


class Idea(index.Indexed, models.Model):
    """Something that a member wishes for; the brand answers for its status."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        UNDER_REVIEW = "under_review", _("Under review")
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        DECLINED = "declined", _("Declined")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="ideas",
        verbose_name=_("author"),
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("board")
    )
    # Forms ask for at most 140; forums elsewhere allow more, and nothing of theirs is cut.
    title = models.CharField(_("title"), max_length=500)
    body = models.TextField(_("description"), max_length=10_000, blank=True)
    is_html = models.BooleanField(default=False)
    body_html = models.TextField(blank=True)
    excerpt = models.CharField(max_length=300, blank=True)
    renderer = models.PositiveSmallIntegerField(default=0)
    language = models.CharField(_("language"), max_length=5, default="en", blank=True)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.OPEN
    )
    source = models.CharField(max_length=40, blank=True)
    source_id = models.CharField(max_length=100, blank=True)
    source_url = models.URLField(max_length=500, blank=True)
    source_author = models.CharField(max_length=100, blank=True)
    imported_votes = models.PositiveIntegerField(default=0)
    score = models.PositiveIntegerField(_("votes"), default=0)
    trend = models.FloatField(default=0)
    comment_count = models.PositiveIntegerField(default=0)
    posted_at = models.DateTimeField(_("posted at"), default=timezone.now)
    edited_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    hidden_at = models.DateTimeField(null=True, blank=True)
    # One filled-in form makes one idea, however often it is sent.
    token = models.UUIDField(null=True, blank=True, unique=True)

    objects = IdeaQuerySet.as_manager()

    search_fields = [
        index.SearchField("title", boost=3),
        index.AutocompleteField("title"),
        index.SearchField("plain_body"),
        index.FilterField("id"),
        index.FilterField("author"),
        index.FilterField("category"),
        index.FilterField("status"),
        index.FilterField("score"),
        index.FilterField("trend"),
        index.FilterField("posted_at"),
        index.FilterField("withdrawn_at"),
        index.FilterField("hidden_at"),
    ]

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=~Q(source=""),
                name="community_idea_imported_once",
            ),
            models.CheckConstraint(
                condition=Q(author__isnull=False) | ~Q(source=""),
                name="community_idea_has_an_origin",
            ),
        ]
        indexes = [
            models.Index(
                fields=["status", "-score", "-id"],
                condition=Q(withdrawn_at=None, hidden_at=None),
                name="community_idea_roadmap",
            ),
            models.Index(
                fields=["-score", "-id"],
                condition=Q(withdrawn_at=None, hidden_at=None),
                name="community_idea_top",
            ),
            models.Index(
                fields=["-posted_at", "-id"],
                condition=Q(withdrawn_at=None, hidden_at=None),
                name="community_idea_new",
            ),
            models.Index(
                fields=["-trend", "-id"],
                condition=Q(withdrawn_at=None, hidden_at=None),
                name="community_idea_trending",
            ),
        ]
        permissions = [
            ("moderate_idea", "Can hide ideas and comments"),
            ("answer_idea", "Can set a status and answer officially"),
        ]

    def __str__(self):
        return self.title

    @property
    def slug(self):
        return slugify(self.title, fallback="idea")[:60].strip("-")

    @property
    def byline(self):
        """The author's name, here or where the idea comes from, or at least that place."""
        if self.author:
            return self.author.display_name
        return self.source_author or _("Imported from %(source)s") % {"source": self.source}

    @property
    def is_open(self):
        """True while everybody may see, vote for and discuss the idea."""
        return self.withdrawn_at is None and self.hidden_at is None

    def plain_body(self):
        return plain_text(self.body_html)

    def get_absolute_url(self):
        return reverse("community:idea_detail", args=[self.pk, self.slug])


class Vote(models.Model):
    """One member's voice for one idea."""

    idea = models.ForeignKey(Idea, models.CASCADE, related_name="votes")
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="votes")
    voted_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["idea", "member"], name="community_one_vote_a_member")
        ]

    def __str__(self):
        return f"{self.member_id} for {self.idea_id}"
