from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField
from wagtail.models import PageManager
from wagtail.search import index

from portal.cms.models.pages import BasePage, PortalPageQuerySet


class TextPageQuerySet(PortalPageQuerySet):
    def address(self, slug: str) -> str:
        """Where the text called `slug` in one language stands in the language in force, or "".

        Only what everybody may read has an address here.
        """
        key = self.visible_to(None).filter(slug=slug).values("translation_key")[:1]
        found = self.visible_to(None).filter(translation_key__in=key).select_related("locale")
        pages = {page.locale.language_code: page for page in found}
        page = pages.get(get_language()) or next(iter(pages.values()), None)
        return page.url if page else ""


class TextPage(BasePage):
    """A page of plain text: about, privacy, terms, cookies."""

    subpage_types: list[str] = []
    template = "cms/text_page.html"

    body = RichTextField(
        _("text"), features=["h2", "h3", "bold", "italic", "ol", "ul", "link", "hr"]
    )

    content_panels = [*BasePage.content_panels, FieldPanel("body")]
    search_fields = [*BasePage.search_fields, index.SearchField("body")]

    objects = PageManager.from_queryset(TextPageQuerySet)()

    class Meta:
        verbose_name = _("text page")
        verbose_name_plural = _("text pages")
