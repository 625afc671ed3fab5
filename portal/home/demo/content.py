"""The demo's files, and days counted from today."""

from datetime import datetime, time, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml
from django.core.files.base import ContentFile
from django.utils import timezone

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "tr")


@cache
def read(name: str) -> dict:
    """One YAML file of `content/`, read once."""
    return yaml.safe_load((FOLDER / "content" / f"{name}.yaml").read_text(encoding="utf-8"))


def text_of(name: str) -> str:
    return (FOLDER / "content" / name).read_text(encoding="utf-8")


def media(folder: str, name: str) -> ContentFile:
    """A file of `media/`, ready to be given to a field or a service."""
    return ContentFile((FOLDER / "media" / folder / name).read_bytes(), name=name)


def ago(days: float, *, hours: float = 0) -> datetime:
    return timezone.now() - timedelta(days=days, hours=hours)


def at_clock(days_from_now: int, clock: str, zone: str) -> datetime:
    """A wall-clock time (`18:30`) so many days from today in a zone."""
    tz = ZoneInfo(zone)
    day = timezone.now().astimezone(tz).date() + timedelta(days=days_from_now)
    return datetime.combine(day, time.fromisoformat(clock), tzinfo=tz)
