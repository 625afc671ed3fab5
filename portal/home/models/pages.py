from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from portal.cms.models import BasePage
from portal.home.blocks import HomeBlock
from portal.home.services.overview import faces, numbers


class HomePage(BasePage):
    """The first page, one a language: what the community is, and what happens in it now."""

    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 2
    template = "home/home_page.html"

    lead = models.CharField(
        _("what this community is, in one sentence"), max_length=160, blank=True
    )
    body = StreamField(HomeBlock(), verbose_name=_("body"), blank=True)

    content_panels = [
        *BasePage.content_panels[:1],
        FieldPanel("lead"),
        *BasePage.content_panels[1:],
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        return {**context, "numbers": numbers(), "faces": faces()}
