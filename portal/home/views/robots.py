from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal.ui.routes import reads

PRIVATE = ("/cms/", "/accounts/", "/settings/", "/notifications/", "/dashboard/", "/search/")


@reads
def robots(request: HttpRequest) -> HttpResponse:
    """What crawlers may visit: everything that has something to say to strangers."""
    others = [f"/{code}" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    paths = [prefix + path for prefix in ("", *others) for path in PRIVATE]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in paths)]
    lines += ["", f"Sitemap: {settings.PUBLIC_URL}/sitemap.xml", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain")
