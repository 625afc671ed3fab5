from collections.abc import Iterable
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_FOLDERS = ("css/", "js/", "img/", "vendor/", "icons")


class PortalStaticStorage(CompressedManifestStaticFilesStorage):
    """Hashed names for everything; compressed at collection only what every visitor loads.

    Compressing the admin's thousands of files would take minutes of a first start.
    """

    def compress_files(self, paths: Iterable[str]) -> Any:
        return super().compress_files([path for path in paths if path.startswith(OWN_FOLDERS)])
