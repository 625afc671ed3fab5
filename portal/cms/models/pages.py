from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.http import Http404, HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Locale, Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from portal.cms.cards import page_card
from portal.cms.visibility import restrictions_of, seen_by

if TYPE_CHECKING:
    from django import forms

    from portal.accounts.people import Viewer


class PortalPageQuerySet(PageQuerySet):
    """What every page of the portal is read through."""

    def visible_to(self, viewer: "Viewer | None") -> Self:
        """Published pages that no view restriction keeps from `viewer`; None is the public."""
        return seen_by(self, viewer)

    def told_to(self, participant: "Viewer") -> Self:
        """The same for notices to those who take part already, who were let in by a password."""
        return seen_by(self, participant, knows_passwords=True)


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

    objects = PageManager.from_queryset(PortalPageQuerySet)()

    class Meta:
        abstract = True

    def get_url_parts(self, request=None):
        """The page's address on this site, whose name is `PUBLIC_URL` and nobody else's."""
        parts = super().get_url_parts(request)
        return parts and (parts[0], settings.PUBLIC_URL.rstrip("/"), parts[2])

    def get_view_restrictions(self) -> "models.QuerySet[PageViewRestriction]":
        """The restrictions that hold for this page, in whichever language they were set."""
        found = [one.pk for one in restrictions_of([self])[0]]
        rows = PageViewRestriction.objects
        return rows.filter(pk__in=found) if found else rows.none()

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """A page whose time is over is gone, even before a job has taken it from the site."""
        if not path_components and self.has_expired():
            raise Http404
        return super().route(request, path_components)

    def has_expired(self) -> bool:
        return self.expire_at is not None and self.expire_at <= timezone.now()

    def serve_password_required_response(
        self, request: HttpRequest, form: "forms.Form", action_url: str
    ) -> TemplateResponse:
        """Ask for the password with a page that knows nothing of what lies behind it."""
        context = {"form": form, "action_url": action_url}
        return TemplateResponse(request, "cms/password_required.html", context)

    def shown_parent(self) -> Page | None:
        """The page above, for a way back to it; None while it is not published."""
        parent = self.get_parent()
        return parent if parent.live else None

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
