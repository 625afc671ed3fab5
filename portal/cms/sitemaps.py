from typing import Any

from wagtail.contrib.sitemaps import Sitemap

from portal.cms.visibility import seen_by


class PublicSitemap(Sitemap):
    """What everybody may read, in every language."""

    def items(self) -> Any:
        root = self.get_wagtail_site().root_page
        pages = seen_by(root.get_descendants(inclusive=True), None)
        return pages.order_by("path").defer_streamfields().specific()
