"""What every page knows: the brand, the same page in other languages, the legal pages."""

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from portal.cms.cards import brand_card
from portal.cms.models.brand import BrandSettings
from portal.cms.models.text import TextPage

KEPT_SECONDS = 30


def site(request: HttpRequest) -> dict:
    """Context for the shell; each part is read only by a template that shows it.

    The brand and the legal pages are kept for half a minute, so that the shell costs no query.
    """
    path = request.path
    return {
        "brand": SimpleLazyObject(lambda: _brand()),
        "legal_links": SimpleLazyObject(lambda: _legal_links(get_language())),
        "alternates": SimpleLazyObject(lambda: _alternates(path)),
        "canonical_url": f"{settings.PUBLIC_URL}{path}",
        "og_image": SimpleLazyObject(lambda: _card()),
    }


def _brand() -> dict:
    def read() -> dict:
        brand = BrandSettings.objects.select_related("logo").first() or BrandSettings()
        logo = brand.logo.get_rendition("max-64x64").url if brand.logo else ""
        taglines = {"en": brand.tagline_en, "tr": brand.tagline_tr}
        return {
            "name": brand.name,
            "logo_url": logo,
            "taglines": taglines,
            "primary": brand.primary,
            "stylesheet_url": brand.stylesheet_url,
        }

    kept = cache.get_or_set("shell:brand", read, KEPT_SECONDS) or read()
    return {**kept, "tagline": kept["taglines"].get(get_language() or "en", "")}


def _card() -> dict:
    brand = _brand()
    return brand_card(name=brand["name"], tagline=brand["tagline"], primary=brand["primary"])


def _legal_links(language: str | None) -> list[dict]:
    def read() -> list[dict]:
        pages = TextPage.objects.visible_to(None).filter(show_in_menus=True)
        ordered = pages.filter(locale__language_code=language).order_by("path")
        return [{"title": page.title, "url": page.url} for page in ordered]

    return cache.get_or_set(f"shell:legal:{language}", read, KEPT_SECONDS) or []


def _alternates(path: str) -> list[dict]:
    urls = ((code, translate_url(path, code)) for code, _name in settings.LANGUAGES)
    return [
        {"language": code, "url": url, "absolute_url": f"{settings.PUBLIC_URL}{url}"}
        for code, url in urls
    ]
