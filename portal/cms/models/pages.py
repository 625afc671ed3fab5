from django.conf import settings
from django.db import models
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page
from wagtail.search import index

from portal.cms.cards import page_card


class BasePage(Page):
    """What every page of the portal shares: a summary, a picture, its address in both languages."""

    summary = models.CharField(
        _("summary"),
        max_length=200,
        blank=True,
        help_text=_("One or two sentences for lists, search and shared links."),
    )
    picture = models.ForeignKey(
        "cms.PortalImage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("picture"),
    )

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("picture")]
    search_fields = [*Page.search_fields, index.SearchField("summary")]

    class Meta:
        abstract = True

    def get_url_parts(self, request=None):
        """The page's address on this site, whose name is `PUBLIC_URL` and nobody else's."""
        parts = super().get_url_parts(request)
        return parts and (parts[0], settings.PUBLIC_URL.rstrip("/"), parts[2])

    @property
    def object_key(self):
        """The id by which activities know this page in every language."""
        return str(self.translation_key)

    def get_context(self, request, *args, **kwargs):
        context = super().get_context(request, *args, **kwargs)
        context["alternates"] = self.alternates()
        context["canonical_url"] = self.full_url
        if self.picture_id:
            context["og_image"] = SimpleLazyObject(lambda: page_card(self.picture))
        return context

    def alternates(self) -> list[dict]:
        """This page in every language; where there is none, the nearest page above it."""
        found = {self.locale_id: self}
        found |= {page.locale_id: page for page in self.get_translations().live()}
        codes = dict(Locale.objects.values_list("pk", "language_code"))
        links = []
        for locale_id, code in codes.items():
            page = found.get(locale_id) or self._above_in(locale_id)
            if page:
                links.append({"language": code, "url": page.url, "absolute_url": page.full_url})
        return sorted(links, key=lambda link: link["language"])

    def _above_in(self, locale_id: int) -> Page | None:
        for ancestor in self.get_ancestors().order_by("-depth"):
            if page := ancestor.get_translations().live().filter(locale_id=locale_id).first():
                return page
        return None
