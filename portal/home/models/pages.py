from django.utils.translation import gettext_lazy as _

from portal.cms.models import BasePage


class HomePage(BasePage):
    """The first page, one a language: what the community is, and what happens in it now."""

    parent_page_types = ["wagtailcore.Page"]
    max_count_per_parent = 2
    template = "home/home_page.html"

    class Meta:
        verbose_name = _("home page")
