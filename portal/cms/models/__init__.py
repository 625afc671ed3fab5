from portal.cms.models.brand import BrandSettings
from portal.cms.models.media import PortalDocument, PortalImage, PortalMedia, PortalRendition
from portal.cms.models.pages import BasePage

__all__ = [
    "BasePage",
    "BrandSettings",
    "PortalDocument",
    "PortalImage",
    "PortalMedia",
    "PortalRendition",
]
