"""What the installed packages say in English and not yet in Turkish."""

from collections.abc import Iterator
from pathlib import Path

import polib
from django.apps import apps

from portal.ui.catalogue.files import entries_of, read
from portal.ui.catalogue.sources import Key


def untranslated(own: Path) -> Iterator[tuple[str, polib.POEntry]]:
    """Yield app and entry for what neither the package's catalogue nor ours translates."""
    done = _translated(own)
    for config in apps.get_app_configs():
        folder = Path(config.path) / "locale"
        source = folder / "en" / "LC_MESSAGES" / "django.po"
        if not source.exists():
            continue
        known = _translated(folder / "tr" / "LC_MESSAGES" / "django.po") | done
        for key, entry in entries_of(read(source)).items():
            if key not in known:
                yield config.name, entry


def _translated(path: Path) -> set[Key]:
    return {key for key, entry in entries_of(read(path)).items() if entry.translated()}
