"""What a handle may be: `[a-z0-9][a-z0-9_-]{1,29}`, folded, unique, never a reserved word."""

import hashlib

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

HANDLE_LENGTH = 30
RESERVED_HANDLES = frozenset(
    [
        "about",
        "accounts",
        "admin",
        "administrator",
        "all",
        "api",
        "badges",
        "challenges",
        "cms",
        "contests",
        "dashboard",
        "discussions",
        "edit",
        "editor",
        "events",
        "everyone",
        "gone",
        "healthz",
        "help",
        "here",
        "home",
        "ideas",
        "knowledge",
        "leaderboard",
        "login",
        "logout",
        "manager",
        "me",
        "media",
        "members",
        "meydan",
        "moderator",
        "new",
        "notifications",
        "null",
        "official",
        "points",
        "readyz",
        "rewards",
        "root",
        "search",
        "settings",
        "signup",
        "staff",
        "static",
        "stories",
        "support",
        "surveys",
        "system",
        "undefined",
        "ws",
    ]
)

validate_shape = RegexValidator(
    r"^[a-z0-9][a-z0-9_-]{1,29}$",
    _("Use 2 to 30 small letters (a to z), digits, hyphens or underscores."),
)


def validate_not_reserved(handle: str) -> None:
    """Refuse words that addresses and mentions need for themselves, and closed accounts' names."""
    if handle in RESERVED_HANDLES or handle.startswith("gone-"):
        raise ValidationError(_("This name is reserved. Please choose another."), code="reserved")


def sealed(handle: str) -> str:
    """A digest that stands for a handle of a closed account; no handle can look like it."""
    return "~" + hashlib.sha256(handle.encode()).hexdigest()[: HANDLE_LENGTH - 1]
