import re
from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Orderable
from wagtail.search import index

from knowledgebase.models.querysets import KnowledgeManager
from knowledgebase.models.survey_forms import SurveyPageForm
from portal.cms.models import BasePage

is_code = RegexValidator(re.compile(r"^[a-z0-9][a-z0-9-]{0,39}$"), _("Use a-z, 0-9 and hyphens."))


class SurveyIndexPage(BasePage):
    """The list of surveys: those that can be answered first."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["knowledgebase.SurveyPage"]
    max_count_per_parent = 1
    template = "knowledgebase/survey_index_page.html"

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("surveys")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        surveys = SurveyPage.objects.for_list(request.user, self.locale)
        now = timezone.now()
        shown = list(surveys.order_by("-first_published_at", "-pk"))
        context["open_surveys"] = [page for page in shown if not page.is_closed(now)]
        context["closed_surveys"] = [page for page in shown if page.is_closed(now)]
        return context


class SurveyPage(BasePage):
    """Questions to members, each of whom answers once, in whatever language."""

    parent_page_types = ["knowledgebase.SurveyIndexPage"]
    subpage_types: list[str] = []
    template = "knowledgebase/survey_page.html"
    object_noun = "survey"
    base_form_class = SurveyPageForm

    intro = models.TextField(
        _("introduction"), max_length=800, blank=True, help_text=_("What the survey is about.")
    )
    why = models.TextField(
        _("why we ask"),
        max_length=800,
        blank=True,
        help_text=_("What will be decided with the answers. Members answer what has a purpose."),
    )
    thanks = models.TextField(
        _("thank-you"),
        max_length=800,
        blank=True,
        help_text=_("Shown after answering: what happens with the answers, and when."),
    )
    closes_at = models.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("Nobody can answer afterwards, in no language. Empty: it stays open."),
    )

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("picture"),
        MultiFieldPanel([FieldPanel("intro"), FieldPanel("why"), FieldPanel("thanks")], _("Words")),
        FieldPanel("closes_at"),
        InlinePanel("questions", heading=_("Questions"), label=_("Question"), min_num=1),
    ]
    search_fields = [
        *BasePage.search_fields,
        index.SearchField("intro"),
        index.SearchField("why"),
    ]

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")

    def is_closed(self, now: datetime | None = None) -> bool:
        return self.closes_at is not None and self.closes_at <= (now or timezone.now())

    def closing_time(self):
        """The earliest end among the survey's languages: one survey closes once."""
        versions = SurveyPage.objects.live().filter(translation_key=self.translation_key)
        return versions.aggregate(first=Min("closes_at"))["first"]


class SurveyQuestion(Orderable):
    """One question; `code` is the same in every language, so that answers count together."""

    class Kind(models.TextChoices):
        SINGLE = "single", _("One of several")
        MULTIPLE = "multiple", _("Any of several")
        RATING = "rating", _("Rating from 1 to 5")
        NPS = "nps", _("Likelihood from 0 to 10")
        TEXT = "text", _("Free text")

    survey = ParentalKey(SurveyPage, on_delete=models.CASCADE, related_name="questions")
    code = models.CharField(max_length=40, blank=True, validators=[is_code], editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.SINGLE)
    text = models.CharField(_("question"), max_length=240)
    hint = models.CharField(
        _("hint"), max_length=200, blank=True, help_text=_("A short line below the question.")
    )
    options = models.TextField(
        _("options"),
        max_length=2_000,
        blank=True,
        help_text=_("One a line, for questions with options. Once answered, only add at the end."),
    )
    is_required = models.BooleanField(_("must be answered"), default=True)

    panels = [
        FieldPanel("text"),
        FieldPanel("hint"),
        FieldPanel("kind"),
        FieldPanel("options"),
        FieldPanel("is_required"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"], name="knowledgebase_question_code_is_unique"
            )
        ]

    def __str__(self):
        return self.text

    def option_list(self) -> list[str]:
        return [line.strip() for line in self.options.splitlines() if line.strip()]

    def has_options(self) -> bool:
        return self.kind in (self.Kind.SINGLE, self.Kind.MULTIPLE)

    def scale(self) -> range:
        """The numbers that may be given as an answer; empty for free text."""
        if self.kind == self.Kind.RATING:
            return range(1, 6)
        if self.kind == self.Kind.NPS:
            return range(11)
        return range(len(self.option_list())) if self.has_options() else range(0)
