from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    PageChooserPanel,
    TitleFieldPanel,
)
from wagtail.models import Orderable, Page
from wagtail.search import index

from knowledgebase.models.listings import front, shelf
from knowledgebase.models.querysets import KnowledgeManager
from portal.cms.models import BasePage


class KnowledgeIndexPage(BasePage):
    """The front of the knowledge base: search, what is featured, the categories."""

    parent_page_types = ["home.HomePage"]
    subpage_types = ["knowledgebase.CategoryPage"]
    max_count_per_parent = 1
    template = "knowledgebase/knowledge_index_page.html"

    content_panels = [
        *BasePage.content_panels,
        InlinePanel(
            "featured",
            heading=_("Featured"),
            label=_("Featured page"),
            max_num=3,
            help_text=_("Up to three articles or videos at the top. Without any, the newest show."),
        ),
    ]

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("knowledge base")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["categories"], context["featured_pages"] = front(self, request.user)
        return context


class FeaturedPage(Orderable):
    """A page that the editors put in front."""

    index_page = ParentalKey(KnowledgeIndexPage, on_delete=models.CASCADE, related_name="featured")
    page = models.ForeignKey(Page, models.CASCADE, related_name="+", verbose_name=_("page"))

    panels = [
        PageChooserPanel("page", ["knowledgebase.ArticlePage", "knowledgebase.VideoPage"]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = _("featured page")

    def __str__(self):
        return f"{self.index_page_id}: {self.page_id}"


class CategoryPage(BasePage):
    """A shelf of the knowledge base: articles and videos about one subject."""

    parent_page_types = ["knowledgebase.KnowledgeIndexPage"]
    subpage_types = ["knowledgebase.ArticlePage", "knowledgebase.VideoPage"]
    template = "knowledgebase/category_page.html"

    icon = models.CharField(
        _("icon"),
        max_length=40,
        default="book",
        help_text=_("The name of an icon, for example tent, map, route, tool or beach."),
    )
    intro = models.TextField(
        _("introduction"),
        max_length=600,
        blank=True,
        help_text=_("Two or three sentences at the top of the category."),
    )

    content_panels = [
        TitleFieldPanel("title"),
        FieldPanel("icon"),
        FieldPanel("summary"),
        FieldPanel("intro"),
        FieldPanel("picture"),
        HelpPanel(_("Articles and videos are added as subpages of the category.")),
    ]
    search_fields = [*BasePage.search_fields, index.SearchField("intro")]

    objects = KnowledgeManager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["articles"], context["videos"] = shelf(self, request.user)
        return context
