from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register
from django.db import DatabaseError
from wagtail.models import Site

from portal.ui.addresses import public_host


@register(Tags.database)
def site_has_the_public_address(databases: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Wagtail's site bears the name of `PUBLIC_URL`; the CMS and its mails tell it."""
    try:
        site = Site.objects.filter(is_default_site=True).first() if databases else None
    except DatabaseError:
        return []
    if site is None or (site.hostname, site.port) == public_host():
        return []
    return [
        Warning(
            f"Wagtail's site is {site.hostname}:{site.port}, PUBLIC_URL is {settings.PUBLIC_URL}.",
            hint="Run `manage.py setup`, which puts the site's name right.",
            id="cms.W001",
        )
    ]
