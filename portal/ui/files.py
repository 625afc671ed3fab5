"""Whose file is it, and who may have it: asked of the feature that keeps it.

Every folder of the media belongs to somebody. `/media/` serves what its owner gives out and nothing
else, so a file that nobody knows any more, or that nobody registered, is not there.
"""

import posixpath
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.db.models import FileField, Model
from django.http import HttpRequest
from django.utils.deconstruct import deconstructible

# 144 random bits.
RANDOM_BYTES = 18
LONGEST_NAME = 50


class Access(Enum):
    """What a requester gets of a file, and whether others may keep a copy of it."""

    NONE = "none"
    PRIVATE = "private"
    PUBLIC = "public"
    # Named by its content: it never changes and is never taken back.
    LASTING = "lasting"


Guard = Callable[[str, HttpRequest], Access]


@dataclass(frozen=True)
class Place:
    """A folder of the media: the fields whose files lie there, and who decides."""

    guard: Guard
    fields: frozenset[tuple[str, str]] = frozenset()


_places: dict[str, Place] = {}
_unserved: set[tuple[str, str]] = set()


def register_files(folder: str, guard: Guard, *fields: tuple[type[Model], str]) -> None:
    """Let `guard` decide on what lies in `folder`, the first part of the names of these fields."""
    labels = frozenset((model._meta.label, name) for model, name in fields)
    _places[folder] = Place(guard, labels)


def register_public_folder(folder: str) -> None:
    """Give out a folder of files that we draw ourselves and name by what they show."""
    _places[folder] = Place(lambda _name, _request: Access.LASTING)


def unregister_files(folder: str) -> None:
    del _places[folder]


def register_unserved(model: type[Model], name: str) -> None:
    """Say of a field that nobody gets its files by an address."""
    _unserved.add((model._meta.label, name))


def unserved() -> set[tuple[str, str]]:
    return set(_unserved)


def places() -> dict[str, Place]:
    return dict(_places)


def access_to(name: str, request: HttpRequest) -> Access:
    """What `request` gets of the file called `name`; nothing where no feature answers for it."""
    place = _places.get(name.partition("/")[0])
    if place is None or name != posixpath.normpath(name) or "\0" in name:
        return Access.NONE
    return place.guard(name, request)


def folder_of(field: FileField, instance: Model) -> str:
    """The folder that a field puts its files into."""
    return field.generate_filename(instance, "name.bin").partition("/")[0]


@deconstructible
class RandomName:
    """An `upload_to` whose names cannot be guessed.

    With `keeps_name` the file lies under its own name in a folder of that kind, as people save it
    under what its address ends in.
    """

    def __init__(self, folder: str, *, keeps_name: bool = False) -> None:
        self.folder = folder
        self.keeps_name = keeps_name

    def __call__(self, instance: Model, filename: str) -> str:
        random = secrets.token_urlsafe(RANDOM_BYTES)
        stem, ending = posixpath.splitext(posixpath.basename(filename))
        ending = ending.lower()[:10]
        if not self.keeps_name:
            return f"{self.folder}/{random}{ending}"
        return f"{self.folder}/{random}/{stem[:LONGEST_NAME]}{ending}"
