"""What every site needs before anybody comes: languages, the page tree, roles and permissions.

Idempotent: run by `setup`, by the tests and after every flush.
"""

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
)

from badges.models import ProgramVersion
from badges.program.schema import EMPTY_PROGRAM
from badges.services.programs import publish
from events.models import ChallengeIndexPage, ContestIndexPage, EventIndexPage
from knowledgebase.models import KnowledgeIndexPage, SurveyIndexPage
from portal.accounts.roles import ensure_roles
from portal.activity.triggers import install_triggers
from portal.home.models import HomePage
from portal.ui.addresses import public_host

INDEX_PAGES = [
    (KnowledgeIndexPage, "knowledge", {"en": "Knowledge", "tr": "Bilgi"}),
    (SurveyIndexPage, "surveys", {"en": "Surveys", "tr": "Anketler"}),
    (EventIndexPage, "events", {"en": "Events", "tr": "Etkinlikler"}),
    (ChallengeIndexPage, "challenges", {"en": "Challenges", "tr": "Görevler"}),
    (ContestIndexPage, "contests", {"en": "Contests", "tr": "Yarışmalar"}),
]
HOME_TITLES = {"en": "Home", "tr": "Ana sayfa"}
ADMIN = "wagtailadmin.access_admin"
TRANSLATE = "simple_translation.submit_translation"
ROLE_PERMISSIONS = {
    "moderator": [ADMIN, "community.moderate_idea", "events.judge_contest"],
    "editor": [ADMIN, TRANSLATE, "knowledgebase.view_surveyresponse"],
    "brand_manager": [
        ADMIN,
        TRANSLATE,
        "badges.manage_program",
        "badges.manage_reward",
        "badges.adjust_points",
        "community.answer_idea",
        "community.moderate_idea",
        "events.manage_event",
        "events.judge_contest",
        "knowledgebase.view_surveyresponse",
        "accounts.add_interest",
        "accounts.change_interest",
        "accounts.delete_interest",
        "accounts.view_interest",
        "community.add_category",
        "community.change_category",
        "community.view_category",
        "cms.change_brandsettings",
        "notifications.resend_delivery",
    ],
    "administrator": [ADMIN],
}
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
# Wagtail asks for the rights on its own models, whatever model replaces them.
COLLECTION_RIGHTS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
    "wagtailmedia": ("add_media", "change_media"),
}


@transaction.atomic
def bootstrap_site() -> None:
    """Bring in what is missing; what is there stays as it is."""
    install_triggers()
    for code, _name in settings.LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    homes = _homes()
    for model, slug, titles in INDEX_PAGES:
        _page_in_both(model, slug, titles, homes)
    ensure_roles(ROLE_PERMISSIONS)
    for home in homes.values():
        _page_rights("editor", home)
    for page in Page.objects.filter(slug__in=("events", "challenges", "contests", "surveys")):
        _page_rights("brand_manager", page)
    for role in ("editor", "brand_manager"):
        _collection_rights(role)
    if not ProgramVersion.objects.exists():
        publish(document={**EMPTY_PROGRAM, "timezone": settings.PROGRAM_TIMEZONE})


def _homes() -> dict[str, HomePage]:
    """The home pages by language code; the site's own is in the default language."""
    root = Page.get_first_root_node()
    default = settings.LANGUAGE_CODE
    homes = {page.locale.language_code: page for page in HomePage.objects.select_related("locale")}
    if default not in homes:
        Page.objects.filter(depth=2, slug="home").exclude(pk__in=HomePage.objects.all()).delete()
        root = Page.objects.get(pk=root.pk)
        home = HomePage(
            title=HOME_TITLES[default],
            slug="home",
            locale=Locale.objects.get(language_code=default),
        )
        root.add_child(instance=home)
        home.save_revision().publish()
        homes[default] = home
    for code in HOME_TITLES:
        if code not in homes:
            homes[code] = _translated(homes[default], code, f"home-{code}", HOME_TITLES[code])
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.root_page = homes[default]
    site.hostname, site.port = public_host()
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    site.save()
    return homes


def _page_in_both(
    model: type[Page], slug: str, titles: dict[str, str], homes: dict[str, HomePage]
) -> None:
    default = settings.LANGUAGE_CODE
    first = model.objects.child_of(homes[default]).first()
    if first is None:
        first = model(title=titles[default], slug=slug, locale=homes[default].locale)
        homes[default].add_child(instance=first)
        first.save_revision().publish()
    for code in homes:
        if not model.objects.child_of(homes[code]).exists():
            _translated(first, code, slug, titles[code])


def _translated(page: Page, code: str, slug: str, title: str) -> Page:
    """Copy a page into another language and publish it there under its own title."""
    copy = page.copy_for_translation(Locale.objects.get(language_code=code), copy_parents=True)
    copy.title, copy.draft_title, copy.slug = title, title, slug
    copy.save_revision().publish()
    copy.refresh_from_db()
    return copy


def _page_rights(role: str, page: Page) -> None:
    group = Group.objects.get(name=role)
    for codename in PAGE_RIGHTS:
        permission = Permission.objects.get(
            content_type__app_label="wagtailcore", codename=codename
        )
        GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)


def _collection_rights(role: str) -> None:
    group, root = Group.objects.get(name=role), Collection.get_first_root_node()
    for app, names in COLLECTION_RIGHTS.items():
        found = Permission.objects.filter(content_type__app_label=app, codename__in=names)
        for permission in found:
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )
