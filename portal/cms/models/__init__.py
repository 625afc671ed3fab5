from portal.cms.models.brand import BrandSettings
from portal.cms.models.media import PortalDocument, PortalImage, PortalMedia, PortalRendition
from portal.cms.models.pages import BasePage, PortalPageQuerySet
from portal.cms.models.text import TextPage

__all__ = [
    "BasePage",
    "BrandSettings",
    "PortalDocument",
    "PortalImage",
    "PortalMedia",
    "PortalPageQuerySet",
    "PortalRendition",
    "TextPage",
]
