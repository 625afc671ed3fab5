from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control

from portal.cms import colours
from portal.cms.models import BrandSettings
from portal.ui.routes import reads


@cache_control(public=True, max_age=31_536_000, immutable=True)
@reads
def brand_stylesheet(request: HttpRequest, digest: str) -> HttpResponse:
    """The brand's colours and the shades made from them, light and dark."""
    brand = BrandSettings.objects.first() or BrandSettings()
    context = {"primary": _primary(brand.primary), "accent": _accent(brand.accent)}
    return render(request, "cms/brand.css", context, content_type="text/css")


def _primary(colour: str) -> dict | None:
    if not colour:
        return None
    base, night = colours.rgb(colour), colours.lightened_until_legible(colour)
    return {
        "light": colour,
        "light_strong": colours.hex_of(colours.mix(base, (0, 0, 0), 0.2)),
        "light_soft": colours.hex_of(colours.mix(base, colours.WHITE, 0.88)),
        "light_line": colours.hex_of(colours.mix(base, colours.WHITE, 0.6)),
        "dark": colours.hex_of(night),
        "dark_strong": colours.hex_of(colours.mix(night, colours.WHITE, 0.2)),
        "dark_soft": colours.hex_of(colours.mix(night, colours.NIGHT, 0.82)),
        "dark_line": colours.hex_of(colours.mix(night, colours.NIGHT, 0.55)),
    }


def _accent(colour: str) -> dict | None:
    if not colour:
        return None
    base = colours.rgb(colour)
    return {
        "light": colour,
        "soft": colours.hex_of(colours.mix(base, colours.WHITE, 0.8)),
        "dark_soft": colours.hex_of(colours.mix(base, colours.NIGHT, 0.75)),
    }
