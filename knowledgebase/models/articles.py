from datetime import timedelta
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    InlinePanel,
    MultiFieldPanel,
    PageChooserPanel,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Orderable
from wagtail.search import index

from knowledgebase.models.querysets import KnowledgeManager
from portal.cms.blocks import StoryBlock, contents_of
from portal.cms.models import BasePage

if TYPE_CHECKING:
    from portal.accounts.people import Viewer

WORDS_A_MINUTE = 200
RELATED = 3


class ArticlePage(BasePage):
    """A how-to or explainer that members earn points for reading to the end."""

    parent_page_types = ["knowledgebase.CategoryPage"]
    subpage_types: list[str] = []
    template = "knowledgebase/article_page.html"
    object_noun = "article"

    body = StreamField(StoryBlock(), verbose_name=_("body"))
    keeper = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("kept by"),
        help_text=_("Whom readers may trust to keep this article right."),
    )
    reviewed_at = models.DateField(
        _("last checked on"),
        null=True,
        blank=True,
        help_text=_("When somebody last made sure that everything in it holds."),
    )

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("summary"),
        FieldPanel("picture"),
        FieldPanel("body"),
        MultiFieldPanel([FieldPanel("keeper"), FieldPanel("reviewed_at")], _("Care")),
        InlinePanel(
            "related_links",
            heading=_("What to read next"),
            label=_("Article"),
            max_num=RELATED,
            help_text=_("Up to three. Free places are filled from the same category."),
        ),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")

    def reading_time(self) -> timedelta:
        """How long reading takes at 200 words a minute."""
        texts = self.body.stream_block.get_searchable_content(self.body)
        words = sum(len(text.split()) for text in texts)
        return timedelta(minutes=words / WORDS_A_MINUTE)

    def minutes(self) -> int:
        return max(1, ceil(self.reading_time() / timedelta(minutes=1)))

    def related(self, member: "Viewer") -> list["ArticlePage"]:
        """What to read next: the chosen ones in their order, then the category's newest."""
        shown = ArticlePage.objects.for_list(member, self.locale).exclude(
            translation_key=self.translation_key
        )
        order = list(self.related_links.values_list("article_id", flat=True))
        chosen = {page.pk: page for page in shown.filter(pk__in=order)} if order else {}
        found = [chosen[pk] for pk in order if pk in chosen]
        if len(found) < RELATED:
            near = shown.sibling_of(self).exclude(pk__in=chosen)
            found += list(near.order_by("-first_published_at", "-pk")[: RELATED - len(found)])
        return found[:RELATED]

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["contents"] = contents_of(self.body)
        context["related"] = self.related(request.user)
        return context


class RelatedArticle(Orderable):
    """An article that the editors recommend after another."""

    page = ParentalKey(ArticlePage, on_delete=models.CASCADE, related_name="related_links")
    article = models.ForeignKey(
        ArticlePage, models.CASCADE, related_name="+", verbose_name=_("article")
    )

    panels = [PageChooserPanel("article", "knowledgebase.ArticlePage")]

    class Meta(Orderable.Meta):
        verbose_name = _("related article")

    def __str__(self):
        return f"{self.page_id}: {self.article_id}"
