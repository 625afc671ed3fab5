"""Which pages of the knowledge base somebody may see, in which language."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Locale, Page, PageManager

from portal.cms.models import PortalPageQuerySet

if TYPE_CHECKING:
    from portal.accounts.people import Viewer


class KnowledgeQuerySet(PortalPageQuerySet):
    def in_language(self, locale: Locale) -> Self:
        """Pages of one language, and of the default language what that one lacks.

        A page whose `locale_id` differs is such a fallback and is shown as one.
        """
        if locale.language_code == settings.LANGUAGE_CODE:
            return self.filter(locale=locale)
        own = Page.objects.live().filter(locale=locale, translation_key=OuterRef("translation_key"))
        lacking = Q(locale__language_code=settings.LANGUAGE_CODE) & ~Exists(own)
        return self.filter(Q(locale=locale) | lacking)

    def below(self, *pages: Page) -> Self:
        """Pages that hang directly under one of `pages`."""
        under = Q(pk__in=[])
        for page in pages:
            under |= Q(path__startswith=page.path, depth=page.depth + 1)
        return self.filter(under)

    def for_list(self, member: "Viewer", locale: Locale) -> Self:
        """Everything that a tile shows, in one query and one for the pictures' renditions."""
        return self.visible_to(member).in_language(locale).with_picture()

    def with_picture(self):
        return self.select_related("picture", "locale").prefetch_related("picture__renditions")

    def tiles(self, pks):
        return self.filter(pk__in=pks).with_picture()


KnowledgeManager = PageManager.from_queryset(KnowledgeQuerySet)
