"""Kinds of notice, registered by features from `AppConfig.ready()`.

A kind knows its category (what a member switches off), and how a stored payload becomes words.
"""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class NoticeText:
    """What a notice says, in the language in force: a line, some detail, a way on, an icon."""

    title: str
    body: str = ""
    url: str = ""
    icon: str = "bell"
    template: str = "notifications/toast.html"
    context: dict | None = None


@dataclass(frozen=True)
class Kind:
    """One kind of notice.

    `category` groups kinds for the member's settings; `describe(notice)` returns a NoticeText;
    `email` names the template folder under `templates/email/` when it is also sent by mail, and
    `is_optional` tells whether a member may switch those mails off.
    """

    code: str
    category: str
    describe: Callable[["Notice"], NoticeText]  # noqa: F821
    email: str = ""
    is_optional: bool = True


_kinds: dict[str, Kind] = {}
_categories: dict[str, str] = {}


def register_category(code: str, label: str) -> None:
    _categories[code] = label


def register_kind(kind: Kind) -> None:
    _kinds[kind.code] = kind


def kind_of(code: str) -> Kind | None:
    return _kinds.get(code)


def categories() -> dict[str, str]:
    return dict(_categories)
