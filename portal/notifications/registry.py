"""Kinds of notice, registered by features from `AppConfig.ready()`.

A kind knows its category (what a member switches off), and how a stored payload becomes words.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.notifications.models import Notice


@dataclass(frozen=True)
class Moment:
    """A badge or a level that deserves a card of its own; `art` are the properties of badge_art."""

    label: str
    title: str
    body: str = ""
    url: str = ""
    art: dict | None = None


@dataclass(frozen=True)
class AwardText:
    """What a notice gave, so that several can be shown as one.

    `amounts` are (currency code, its name, amount); `progress()` says how far the next level is
    and is asked once for all awards that are shown together.
    """

    amounts: tuple[tuple[str, str, int], ...] = ()
    reasons: tuple[str, ...] = ()
    progress: Callable[[], str] = str
    moments: tuple[Moment, ...] = ()


@dataclass(frozen=True)
class NoticeText:
    """What a notice says, in the language in force: a line, some detail, a way on, an icon.

    `action` are the words of the way on in a mail, `template` the toast's, with `context`.
    """

    title: str
    body: str = ""
    url: str = ""
    icon: str = "bell"
    template: str = "notifications/toast.html"
    context: dict | None = None
    action: str = ""
    award: AwardText | None = None


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    mimetype: str


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    `category` groups kinds for the member's settings; `describe(notice)` returns a NoticeText, or
    None when what the notice was about is gone; `prepare(notices)` may first fetch for many at once
    what `describe` needs and put it on `notice.data`.

    `email` names the template folder under `templates/email/` when it is also sent by mail (the
    folder may be missing: the words of `describe` make a mail too), `is_mailed(notice)` picks some
    of them, `attachments(notice)` are the files that go with it, and `is_optional` tells whether a
    member may switch those mails off. `is_game` marks what a member who does not play never sees.
    """

    code: str
    category: str
    describe: Callable[["Notice"], NoticeText | None]
    email: str = ""
    is_optional: bool = True
    is_game: bool = False
    prepare: Callable[[list["Notice"]], None] | None = None
    is_mailed: Callable[["Notice"], bool] = field(default=lambda notice: True)
    attachments: Callable[["Notice"], list[Attachment]] = field(default=lambda notice: [])


_kinds: dict[str, Kind] = {}
_categories: "dict[str, StrOrPromise]" = {}


def register_category(code: str, label: "StrOrPromise") -> None:
    """Make a category of notices known, with its lazy words."""
    _categories[code] = label


def register_kind(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)


def kinds() -> list[Kind]:
    return list(_kinds.values())


def categories() -> dict[str, str]:
    return {code: str(label) for code, label in _categories.items()}


def mailed_categories() -> dict[str, str]:
    """The categories in which a member can switch mails off."""
    codes = {kind.category for kind in _kinds.values() if kind.email and kind.is_optional}
    return {code: str(label) for code, label in _categories.items() if code in codes}


def game_kinds() -> list[str]:
    return [kind.code for kind in _kinds.values() if kind.is_game]
