"""Which pages of the knowledge base somebody may see, in which language."""

from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from wagtail.models import Locale, Page, PageManager, PageViewRestriction
from wagtail.query import PageQuerySet

if TYPE_CHECKING:
    from portal.accounts.people import Viewer


def closed_to(member: "Viewer") -> Q:
    """What Wagtail's view restrictions keep from `member` (or a visitor)."""
    rows = PageViewRestriction.objects.select_related("page").prefetch_related("groups")
    closed = Q(pk__in=[])
    for restriction in rows:
        if not _opens_for(restriction, member):
            closed |= Q(path__startswith=restriction.page.path)
    return closed


def _opens_for(restriction: PageViewRestriction, member: "Viewer") -> bool:
    if not member.is_authenticated:
        return False
    if restriction.restriction_type == PageViewRestriction.GROUPS:
        allowed = {group.pk for group in restriction.groups.all()}
        return member.is_superuser or bool(allowed & {g.pk for g in member.groups.all()})
    return restriction.restriction_type == PageViewRestriction.LOGIN


class KnowledgeQuerySet(PageQuerySet):
    def visible_to(self, member: "Viewer", *, closed: Q | None = None) -> Self:
        """Published pages, without those that Wagtail's restrictions keep from `member`.

        `closed` saves the question what is closed to the member where it was asked before.
        """
        return self.live().exclude(closed_to(member) if closed is None else closed)

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

    def for_list(self, member: "Viewer", locale: Locale, *, closed: Q | None = None) -> Self:
        """Everything that a tile shows, in one query and one for the pictures' renditions."""
        pages = self.visible_to(member, closed=closed).in_language(locale)
        return pages.with_picture()

    def with_picture(self):
        return self.select_related("picture", "locale").prefetch_related("picture__renditions")

    def tiles(self, pks):
        return self.filter(pk__in=pks).with_picture()


KnowledgeManager = PageManager.from_queryset(KnowledgeQuerySet)
