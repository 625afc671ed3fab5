"""Boot checks: combinations of settings that would be unsafe are refused in words."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, register
from django.core.exceptions import ImproperlyConfigured

from portal.ui.proxies import parse_proxies

SHORTEST_SECRET = 50
PRAGMAS = {"journal_mode": "wal", "synchronous": "full", "foreign_keys": "on"}


@register()
def requests_are_not_atomic(app_configs: object = None, **kwargs: Any) -> list[Error]:
    """Points are granted after the commit and before the answer, so a request is no transaction."""
    return [
        Error(
            f"ATOMIC_REQUESTS is on for the database {alias!r}: points would come after the page.",
            hint="Remove it; services open their own transactions.",
            id="portal.E001",
        )
        for alias, database in settings.DATABASES.items()
        if database.get("ATOMIC_REQUESTS")
    ]


@register()
def sqlite_is_careful(app_configs: object = None, **kwargs: Any) -> list[Error]:
    """Points are worth money: SQLite must wait its turn and write through to the disk."""
    return [
        Error(
            f"The SQLite database {alias!r} is opened without {missing}.",
            hint="Use the OPTIONS of portal.settings.base: SQLITE_OPTIONS.",
            id="portal.E002",
        )
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"].endswith("sqlite3")
        for missing in _missing_in(database.get("OPTIONS", {}))
    ]


@register()
def production_is_safe(app_configs: object = None, **kwargs: Any) -> list[Error]:
    """What the embedded default may do and a server on the internet may not."""
    if not settings.IS_PRODUCTION:
        return []
    refused = [
        *_unsafe_storage(),
        *_unsafe_secrets(),
        *_unsafe_addresses(),
        _unsafe_credential_key(),
        _unsafe_proxies(),
    ]
    return [
        Error(words, hint=hint, id=f"portal.E{number:03}")
        for number, (is_refused, words, hint) in enumerate(refused, start=10)
        if is_refused
    ]


def _unsafe_storage() -> list[tuple[bool, str, str]]:
    return [
        (settings.DEBUG, "DEBUG is on: error pages would show secrets.", "Turn it off."),
        (_on_sqlite(), "The database is SQLite.", "Set DATABASE_URL to a PostgreSQL database."),
        (
            not settings.REDIS_URL,
            "REDIS_URL is not set: several processes would not hear of each other.",
            "Set REDIS_URL.",
        ),
        (not settings.RATE_LIMITS, "RATE_LIMITS is off.", "Remove RATE_LIMITS=off."),
    ]


def _unsafe_secrets() -> list[tuple[bool, str, str]]:
    try:
        secret = settings.SECRET_KEY
    except ImproperlyConfigured:
        secret = ""
    return [
        (
            len(secret) < SHORTEST_SECRET,
            f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters.",
            "Set SECRET_KEY to a long random text that only this server knows.",
        )
    ]


def _unsafe_credential_key() -> tuple[bool, str, str]:
    return (
        len(settings.CREDENTIAL_KEY) < SHORTEST_SECRET,
        f"CREDENTIAL_KEY is shorter than {SHORTEST_SECRET} characters.",
        "Set CREDENTIAL_KEY to a long random text of its own: it signs members' badges.",
    )


def _unsafe_proxies() -> tuple[bool, str, str]:
    try:
        believes_anybody = any(not one.prefixlen for one in parse_proxies(settings.TRUSTED_PROXIES))
    except ValueError:
        believes_anybody = True
    return (
        believes_anybody,
        f"TRUSTED_PROXIES is {settings.TRUSTED_PROXIES}: anybody could name any address as theirs.",
        "Set TRUSTED_PROXIES to the addresses or networks of your proxies.",
    )


def _unsafe_addresses() -> list[tuple[bool, str, str]]:
    return [
        (
            not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS is empty or allows every name.",
            "Set ALLOWED_HOSTS to the names of this site.",
        ),
        (
            not _is_https(settings.PUBLIC_URL),
            f"PUBLIC_URL is {settings.PUBLIC_URL!r}: links in mails would be unsafe or broken.",
            "Set PUBLIC_URL to the site's address, beginning with https://.",
        ),
        (
            not _delivers_mail(settings.EMAIL_BACKEND),
            f"EMAIL_BACKEND is {settings.EMAIL_BACKEND}: no mail would reach a member.",
            "Set EMAIL_BACKEND to one that sends, or remove it for SMTP.",
        ),
    ]


def _missing_in(options: dict) -> list[str]:
    commands = options.get("init_command", "").lower().replace(" ", "")
    missing = [
        f"PRAGMA {name}={value.upper()}"
        for name, value in PRAGMAS.items()
        if f"{name}={value};" not in f"{commands};"
    ]
    if options.get("transaction_mode") != "IMMEDIATE":
        missing.append("transaction_mode IMMEDIATE")
    return missing


def _on_sqlite() -> bool:
    return any(one["ENGINE"].endswith("sqlite3") for one in settings.DATABASES.values())


def _is_https(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme == "https" and bool(parts.hostname)


def _delivers_mail(backend: str) -> bool:
    silent = ("filebased", "locmem", "console", "dummy")
    return not any(f".{name}." in backend for name in silent)
